// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/attributes.hpp"
#include "protocols/cms/content_stream.hpp"
#include "protocols/cms/envelope.hpp"
#include "protocols/cms/frame_reader.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/stream.hpp"

#include <algorithm>

namespace smgw::cms {

struct opener::state {
  find_own_key find;
  content_sink& sink;
  opening how;
  frame_reader frame{locate_ciphertext};
  envelope fields{};
  bytes aad{};  // of GCM, as it has to be
  std::optional<content_stream> cipher{};
  bool over = false;

  expected<void> on_head();
  expected<void> give(expected<bytes> plain);
  expected<opened> finish();
  void fail_now() {
    if (!std::exchange(over, true)) sink.discard();
  }
};

/// All before the ciphertext is there.
expected<void> opener::state::on_head() {
  // The outer header counts octets that are not there: what is inside is read on its own.
  SMGW_TRY(const auto outer, der::peek_header(frame.head()));
  der::reader r{frame.head().subspan(outer->size)};
  SMGW_CHECK(read_start(r, how, fields));
  SMGW_TRY(const auto info, der::peek_header(r.rest()));
  der::reader content{r.rest().subspan(info->size)};
  SMGW_TRY(const auto type, content.next());
  SMGW_TRY(const auto algorithm, content.next(der::sequence));
  SMGW_CHECK(read_content_algorithm(type, algorithm, fields));
  SMGW_TRY(const auto key, find_content_key(fields, find, how));
  if (is_gcm(fields.suite.content) && fields.type != content_type::data)
    aad = additional_data(encode_attributes({{oids::attribute_content_type, oids::of(fields.type)}}));
  SMGW_TRY(auto made, content_stream::create(fields.suite.content, false, key, fields.iv, aad, fields.tag_octets));
  cipher = std::move(made);
  return {};
}

expected<void> opener::state::give(expected<bytes> plain) {
  if (!plain) return std::unexpected{plain.error()};
  auto done = plain->empty() ? expected<void>{} : sink.put(*plain);
  wipe(*plain);
  return done;
}

expected<opened> opener::state::finish() {
  SMGW_CHECK(frame.finish());
  der::reader r{frame.tail()};
  SMGW_CHECK(read_end(r, fields));
  const auto authenticated = additional_data(fields.attributes);
  if (is_gcm(fields.suite.content) && authenticated != aad)
    return fail(errc::unsupported, "authenticated attributes that come too late");
  SMGW_CHECK(give(cipher->verify(authenticated, fields.mac)));
  over = true;
  SMGW_CHECK(sink.commit());
  return opened{fields.type, {}, fields.suite};
}

opener::opener(const find_own_key& find, content_sink& to, opening how)
    : state_(std::make_unique<state>(state{find, to, std::move(how)})) {}
opener::~opener() { state_->fail_now(); }

expected<void> opener::update(bytes_view message) {
  auto& s = *state_;
  if (s.over) return fail(errc::conflict, "this message is over");
  auto done = s.frame.feed(
      message, [&] { return s.on_head(); }, [&](bytes_view piece) { return s.give(s.cipher->decrypt(piece)); });
  if (!done) s.fail_now();
  return done;
}

expected<opened> opener::finish() {
  if (state_->over) return fail(errc::conflict, "this message is over");
  auto done = state_->finish();
  if (!done) state_->fail_now();
  return done;
}

}  // namespace smgw::cms
