// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What has to be true before a step of an update counts: who signed the manifest, what it is for, and that the image is
// the one it names.
#include "actors/reply_slot.hpp"
#include "actors/wan/firmware_core.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "protocols/cms/signed_data.hpp"

#include <algorithm>

namespace smgw {
namespace {

constexpr std::size_t hash_part = std::size_t{256} << 10;

/// What the manufacturer signed, as text.
expected<std::string> open_manifest(bytes_view message, const configuration& told) {
  const auto file = told.certificates.find(std::string(manufacturer_certificate));
  if (file == told.certificates.end())
    return fail(errc::denied, "no certificate " + std::string(manufacturer_certificate) + " beside the profiles");
  SMGW_TRY(const auto signer, crypto::parse_certificate(file->second));
  SMGW_CHECK(crypto::check_use(signer, crypto::certificate_use::signature));
  const cms::find_signer find = [&](bytes_view id) -> expected<cms::known_signer> {
    if (!std::ranges::equal(signer.subject_key_id, id)) return fail(errc::untrusted, "not signed by the manufacturer");
    static_assert(static_cast<int>(cms::curve::secp384r1) == static_cast<int>(crypto::curve::secp384r1));
    return cms::known_signer{{static_cast<cms::curve>(signer.on), signer.public_point}, signer.der};
  };
  SMGW_TRY(const auto inside, cms::verify(message, find));
  return std::string(as_text(inside.content));
}

}  // namespace

caf::result<firmware_report> firmware_core::order(const order_firmware& m) {
  reply_slot<firmware_report> owed(self);
  const auto promised = owed.later();
  auto done = [this, owed](const expected<void>& result) mutable {
    if (result)
      owed.deliver(firmware_report{text()});
    else
      owed.fail(result.error());
  };
  if (auto ready = prepare(m); !ready) {
    done(ready);
  } else {
    take(m.what, done);
  }
  return promised;
}

expected<void> firmware_core::prepare(const order_firmware& m) {
  SMGW_CHECK(firmware::next(at.phase, m.what));
  using enum firmware::step;
  switch (m.what) {
    case order: return begin(m.manifest);
    case activate: return slot->activate();
    case confirm: return slot->confirm();
    case give_up: return slot->roll_back();
    case abandon: hang_up(); return slot->clear();
    default: return fail(errc::denied, "not a step that is ordered");
  }
}

expected<void> firmware_core::begin(bytes_view message) {
  const auto p = parts.current();
  SMGW_TRY(const auto manifest_text, open_manifest(message, p->told));
  SMGW_TRY(auto m, firmware::read_manifest(manifest_text));
  SMGW_TRY(const auto running, firmware::version::parse(p->firmware_version));
  SMGW_CHECK(firmware::check(m, parts.product, running));
  const auto* gwa = p->profiles.administrator();
  if (gwa == nullptr || !gwa->service)
    return fail(errc::denied, "the administrator's profile names no 'service' to fetch from");
  hang_up();
  // The same image again goes on where it was.
  if (at.image != m) SMGW_CHECK(slot->clear());
  at.image = std::move(m);
  last_error.clear();
  return {};
}

void firmware_core::verify() {
  crypto::hasher hash(crypto::hash::sha256);
  std::uint64_t read = 0;
  while (read < at.image->size) {
    const auto part = slot->read(read, hash_part);
    if (!part || part->empty()) break;
    hash.update(*part);
    read += part->size();
  }
  const auto digest = hash.finish();
  const bool good = read == at.image->size && std::ranges::equal(digest, at.image->sha256);
  if (!good) {
    last_error = "the image is not that of the manifest";
    if (auto cleared = slot->clear(); !cleared) last_error = cleared.error().what;
  }
  take(good ? firmware::step::match : firmware::step::mismatch);
}

}  // namespace smgw
