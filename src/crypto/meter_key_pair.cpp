// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/meter_key_pair.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/detail/der.hpp"
#include "crypto/detail/oid.hpp"
#include "crypto/pki.hpp"
#include "crypto/soft_key_store.hpp"

namespace smgw::crypto {
namespace {

namespace der = detail::der;
namespace oid = detail::oid;

constexpr std::string_view label = "meter";

}  // namespace

secret put_private_key(curve on, const secret& scalar, bytes_view public_point) {
  const bytes version{0x02, 0x01, 0x01};
  auto key = der::make(der::octet_string, {scalar.reveal()});
  const auto parameters = der::make(der::context(0), {der::make(der::oid, {oid::of(on)})});
  const auto point = der::make(der::context(1), {der::make_bit_string(public_point)});
  auto whole = der::make(der::sequence, {version, key, parameters, point});
  secret out{bytes_view{whole}};
  wipe(key);
  wipe(whole);
  return out;
}

expected<meter_key_pair> make_meter_key_pair(const device_id& meter, curve on, timestamp not_before,
                                             timestamp not_after) {
  const auto keys = soft_key_store::in_memory();
  SMGW_TRY(const auto key, keys->generate(label, on, key_purpose::lmn));
  self_signed_order order{.subject = {}, .dns_name = {}, .not_before = not_before, .not_after = not_after};
  order.subject.common_name = meter.lower() + ".sm";
  SMGW_TRY(auto made, make_self_signed(*keys, label, order));
  SMGW_TRY(const auto scalar, keys->export_scalar(label));
  const auto private_key = put_private_key(on, scalar, key.public_point);
  secret both{made.der.size() + private_key.size()};
  std::ranges::copy(made.der, both.writable().begin());
  std::ranges::copy(private_key.reveal(), both.writable().begin() + static_cast<std::ptrdiff_t>(made.der.size()));
  return meter_key_pair{std::move(made), std::move(both)};
}

expected<received_key_pair> take_meter_key_pair(bytes_view both) {
  SMGW_TRY(const auto first, der::next(both));
  if (first.tag != der::sequence) return fail(errc::malformed, "no certificate");
  SMGW_TRY(auto public_part, parse_certificate(first.whole));
  SMGW_TRY(auto key, der::next(both, der::sequence));
  SMGW_CHECK(der::at_end(both));
  SMGW_TRY(const auto version, der::next_unsigned(key));
  if (version.size() != 1 || version[0] != 1) return fail(errc::malformed, "not a key of RFC 5915");
  SMGW_TRY(const auto octets, der::next(key, der::octet_string));
  secret scalar{octets};
  const auto keys = soft_key_store::in_memory();
  SMGW_TRY(const auto info, keys->import_scalar(label, public_part.on, key_purpose::lmn, scalar));
  if (info.public_point != public_part.public_point)
    return fail(errc::untrusted, "the key is not that of the certificate");
  return received_key_pair{std::move(public_part), std::move(scalar)};
}

}  // namespace smgw::crypto
