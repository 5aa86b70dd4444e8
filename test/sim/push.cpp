// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "push.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "base/secret.hpp"
#include "protocols/d0/encode.hpp"
#include "protocols/dlms/hdlc_frame.hpp"
#include "protocols/dlms/security.hpp"

namespace smgw::sim {
namespace {

/// A list of one structure: name, value, {scaler, unit}.
bytes push_body(const household& home, timestamp at) {
  bytes body{0x01, 0x01, 0x02, 0x03, 0x09, 0x06, 1, 0, 1, 8, 0, 255, 0x15};
  put_be(body, static_cast<std::uint64_t>(home.energy(at)));
  put(body, bytes{0x02, 0x02, 0x0F, 0xFF, 0x16, static_cast<std::uint8_t>(unit::watt_hour)});
  return body;
}

}  // namespace

bytes dlms_push(const device_id& meter, const household& home, timestamp at, std::uint32_t counter, bytes_view key,
                bytes_view authentication_key) {
  bytes apdu;
  dlms::put_notification(apdu, counter, {}, push_body(home, at));
  if (!key.empty()) {
    const auto server_id = meter.server_id();
    const auto title = bytes_view{server_id}.last(dlms::system_title_size);
    const std::uint8_t control = authentication_key.empty() ? 0x20 : 0x30;
    dlms::cipher cipher{secret{key}, secret{authentication_key}};
    auto sealed = cipher.protect(apdu, control, title, counter);
    SMGW_ASSERT(sealed);
    apdu = std::move(*sealed);
  }
  bytes information{0xE6, 0xE7, 0x00};
  put(information, apdu);
  bytes line;
  const bytes to{0x21}, from{0x03};
  dlms::put_hdlc_segments(line, to, from, information, 120);
  return line;
}

bytes d0_push(const device_id& meter, const household& home, timestamp at) {
  return d0::encode_push({.identification = "SMGWSIM",
                          .lines = {{"1-0:0.0.0*255", {std::string(meter.text())}},
                                    {"1-0:1.8.0*255", {d0::encode_value({home.energy(at), -1}, "Wh")}},
                                    {"1-0:16.7.0*255", {d0::encode_value({home.power(at), 0}, "W")}}}});
}

}  // namespace smgw::sim
