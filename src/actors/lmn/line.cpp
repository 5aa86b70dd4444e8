// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/line.hpp"

#include "base/octets.hpp"
#include "crypto/hash.hpp"

namespace smgw::lmn {
namespace {

constexpr std::size_t check_octets = 8;

std::vector<device_id> ids_of(const std::vector<profile::meter>& meters) {
  std::vector<device_id> ids;
  for (const auto& m : meters) ids.push_back(m.id);
  return ids;
}

bytes check_value(const profile::meter_key& key) {
  bytes input;
  put(input, std::string_view("smgw counter of key "));
  const auto octets = key.clone();
  put(input, octets.reveal());
  const auto digest = crypto::sha256(input);
  wipe(input);
  return {digest.begin(), digest.begin() + check_octets};
}

}  // namespace

line::line(const profile::lmn_port& port, const std::vector<profile::meter>& meters)
    : roster_(port.id, ids_of(meters)) {}

void line::remember(const std::string&, bytes_view) {}

void line::look_around(instant, output&) {}

void line::tell_stranger(const std::string& who, timestamp when, output& out, std::optional<int> rssi_dbm) {
  if (roster_.stranger(who, when, rssi_dbm)) out.news.push_back("a meter without a profile: " + who);
}

void line::refuse(std::size_t meter, frame_fault why, timestamp when, output& out) {
  if (roster_.worth_telling(meter, why, when))
    out.news.push_back(roster_.name(meter) + ": " + std::string(to_string(why)));
  roster_.refused(meter, why, when);
}

std::string counter_name(std::string_view protocol, const device_id& meter) {
  return "lmn." + std::string(protocol) + "." + meter.lower();
}

kept_value keep_counter(std::string_view protocol, const device_id& meter, const profile::meter_key& key,
                        std::uint32_t counter) {
  kept_value kept{counter_name(protocol, meter), {}};
  put_be(kept.value, counter);
  put(kept.value, check_value(key));
  return kept;
}

std::optional<std::uint32_t> kept_counter(bytes_view value, const profile::meter_key& key) {
  if (value.size() != 4 + check_octets) return std::nullopt;
  if (!equal_constant_time(value.subspan(4), check_value(key))) return std::nullopt;
  return load_be<std::uint32_t>(value.data());
}

expected<std::unique_ptr<line>> make_line(const profile::lmn_port& port, std::vector<profile::meter> meters) {
  using enum profile::lmn_protocol;
  switch (port.protocol) {
    case sml: return make_sml_line(port, std::move(meters));
    case wmbus: return make_radio_line(port, std::move(meters));
    case dlms: return make_push_line(port, std::move(meters));
    case d0: return make_readout_line(port, std::move(meters));
    case mbus: return make_mbus_line(port, std::move(meters));
    case hdlc: break;
  }
  return fail(errc::unsupported, "port " + port.id + ": the protocol hdlc needs the identity of a gateway");
}

}  // namespace smgw::lmn
