// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "protocols/cms/envelope.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/primitives.hpp"

#include <algorithm>

namespace smgw::cms {
namespace {

expected<void> read_originator(bytes_view in, envelope& e) {
  SMGW_TRY(const auto choice, der::only(in, der::constructed(1)));
  der::reader r{choice};
  SMGW_TRY(const auto algorithm, r.next(der::sequence));
  SMGW_TRY(const auto point, r.next(der::bit_string));
  SMGW_CHECK(r.finish());
  der::reader a{algorithm};
  SMGW_TRY(const auto oid, a.next());
  if (!std::ranges::equal(oid.whole, oids::ec_public_key)) return fail(errc::unsupported, "originator key algorithm");
  if (!a.done()) {
    SMGW_TRY(const auto curve_oid, a.next());
    if (curve_oid.tag != der::oid) return fail(errc::malformed, "originator curve");
    e.originator_curve = curve_oid.whole;
  }
  SMGW_CHECK(a.finish());
  if (point.empty() || point[0] != 0) return fail(errc::malformed, "originator key");
  e.originator_point = point.subspan(1);
  return {};
}

expected<void> read_recipient_info(bytes_view set, const opening& how, envelope& e) {
  // One entry, and that a KeyAgreeRecipientInfo.
  SMGW_TRY(const auto kari, der::only(set, der::constructed(1)));
  der::reader r{kari};
  SMGW_TRY(const auto version, r.next_small());
  if (version != 3) return fail(errc::malformed, "KeyAgreeRecipientInfo version");
  SMGW_TRY(const auto originator, r.next(der::constructed(0)));
  SMGW_CHECK(read_originator(originator, e));
  SMGW_TRY(const auto algorithm, r.next(der::sequence));  // ukm, [1], is refused here by its tag
  SMGW_TRY(e.recipients, r.next(der::sequence));
  SMGW_CHECK(r.finish());

  der::reader a{algorithm};
  SMGW_TRY(const auto scheme, a.next());
  SMGW_TRY(const auto parameter, a.next(der::sequence));
  SMGW_CHECK(a.finish());
  SMGW_TRY(const auto wrap_oid, der::reader{parameter}.next());
  if (wrap_oid.whole.size() != parameter.size()) return fail(errc::malformed, "parameters of the key wrap");
  const auto kdf = oids::to_kdf(how.agreement, scheme.whole);
  const auto wrap = oids::to_key_wrap(wrap_oid.whole);
  if (!kdf || !wrap) return fail(errc::unsupported, "key agreement or key wrap");
  e.suite.kdf = *kdf;
  e.suite.wrap = *wrap;
  return {};
}

struct own_entry {
  own_key key;
  bytes_view encrypted_key;
};

expected<bytes_view> read_key_identifier(bytes_view rid) {
  der::reader r{rid};
  SMGW_TRY(const auto identifier, r.next(der::octet_string));
  // date stays away; other may follow (table 5.5)
  SMGW_CHECK(r.next_if(der::sequence));
  SMGW_CHECK(r.finish());
  if (identifier.empty() || identifier.size() > max_key_identifier) return fail(errc::malformed, "key identifier");
  return identifier;
}

/// All entries are read, the first of ours is taken.
expected<own_entry> find_recipient(const envelope& e, const find_own_key& find) {
  std::optional<own_entry> ours;
  der::reader r{e.recipients};
  std::size_t count = 0;
  do {
    if (++count > max_recipients) return fail(errc::exhausted, "too many recipients");
    SMGW_TRY(const auto entry, r.next(der::sequence));
    der::reader inner{entry};
    SMGW_TRY(const auto rid, inner.next(der::constructed(0)));
    SMGW_TRY(const auto encrypted_key, inner.next(der::octet_string));
    SMGW_CHECK(inner.finish());
    SMGW_TRY(const auto identifier, read_key_identifier(rid));
    if (ours) continue;
    auto key = find(identifier);
    if (key)
      ours = own_entry{*std::move(key), encrypted_key};
    else if (key.error().code != errc::denied)
      return std::unexpected{key.error()};
  } while (!r.done());
  if (!ours) return fail(errc::denied, "message for other recipients");
  return *std::move(ours);
}

expected<secret> content_key(const envelope& e, const own_entry& ours, const opening& how) {
  if (!e.originator_curve.empty() && !std::ranges::equal(e.originator_curve, oids::of(ours.key.group)))
    return fail(errc::malformed, "originator key on another curve");
  if (ours.encrypted_key.size() != key_material_octets(e.suite.content) + 8)
    return fail(errc::malformed, "length of the wrapped key");
  SMGW_CHECK(check_point(ours.key.group, e.originator_point));
  SMGW_TRY(const auto z, ours.key.agree(e.originator_point));
  if (z.size() != field_octets(ours.key.group)) return fail(errc::internal, "size of the shared secret");
  SMGW_TRY(const auto kek, derive_key(e.suite.kdf, e.suite.wrap, how.info, z.reveal()));
  return unwrap_key(kek, ours.encrypted_key);
}

}  // namespace

expected<void> read_start(der::reader& r, const opening& how, envelope& e) {
  SMGW_TRY(const auto version, r.next_small());
  if (version != 0) return fail(errc::malformed, "AuthEnvelopedData version");
  SMGW_TRY(const auto recipients, r.next(der::set));  // originatorInfo, [0], is refused here by its tag
  return read_recipient_info(recipients, how, e);
}

expected<secret> find_content_key(const envelope& e, const find_own_key& find, const opening& how) {
  if (!std::ranges::contains(how.suites, e.suite)) return fail(errc::denied, "encryption suite");
  if (e.tag_octets < how.shortest_tag) return fail(errc::denied, "length of the MAC");
  SMGW_TRY(const auto ours, find_recipient(e, find));
  return content_key(e, ours, how);
}

}  // namespace smgw::cms
