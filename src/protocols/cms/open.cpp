// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "protocols/cms/envelope.hpp"
#include "protocols/cms/primitives.hpp"

namespace smgw::cms {

expected<opened> open(bytes_view auth_enveloped_data, const find_own_key& find, const opening& how) {
  if (auth_enveloped_data.size() > max_message + max_message / 4) return fail(errc::exhausted, "CMS message too long");
  envelope e;
  SMGW_TRY(const auto body, der::only(auth_enveloped_data, der::sequence));
  der::reader r{body};
  SMGW_CHECK(read_start(r, how, e));
  SMGW_TRY(const auto info, r.next(der::sequence));
  der::reader content{info};
  SMGW_TRY(const auto type, content.next());
  SMGW_TRY(const auto algorithm, content.next(der::sequence));
  // encryptedContent is optional in table 5.5: absent is the same as empty.
  SMGW_TRY(const auto ciphertext, content.next_if(der::context(0)));
  SMGW_CHECK(content.finish());
  SMGW_CHECK(read_content_algorithm(type, algorithm, e));
  SMGW_CHECK(read_end(r, e));
  SMGW_TRY(const auto key, find_content_key(e, find, how));
  SMGW_TRY(auto plain, decrypt(e.suite.content, key, e.iv, additional_data(e.attributes),
                               ciphertext.value_or(bytes_view{}), e.mac));
  return opened{e.type, std::move(plain), e.suite};
}

}  // namespace smgw::cms
