// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// One function a protocol. Each takes what is at the front of the input and says how many octets it described; 0: this
/// is not of that kind.

#include "protocols/dissect/layer_writer.hpp"
#include "protocols/dlms/push_decoder.hpp"
#include "protocols/mbus/identity.hpp"
#include "protocols/wmbus/receiver.hpp"

namespace smgw::dissect {

/// Octets that belong to the telegrams in `out`.
using taken = std::size_t;

/// What wireless telegrams of one meter need.
struct wireless_context {
  wmbus::receiver radio;
  wmbus::meter_state meter;
  mbus::format_cache formats;
};
/// What DLMS pushes of one meter need.
struct dlms_context {
  dlms::cipher* keys = nullptr;
  dlms::push_decoder decoder;
};

[[nodiscard]] taken take_sml(bytes_view in, std::vector<telegram>& out);
[[nodiscard]] taken take_hdlc(bytes_view in, std::vector<telegram>& out);
/// Only with good CRCs; `stripped`: only if the L octet counts what there is.
[[nodiscard]] taken take_wireless(wmbus::frame_format format, bytes_view in, wireless_context& with,
                                  std::vector<telegram>& out);
[[nodiscard]] taken take_wired_mbus(bytes_view in, std::vector<telegram>& out);
[[nodiscard]] taken take_dlms(bytes_view in, dlms_context& with, std::vector<telegram>& out);
[[nodiscard]] taken take_readout(bytes_view in, std::vector<telegram>& out);

/// A list of SML messages without transport.
void describe_sml(bytes_view payload, telegram& t);
/// Data records of M-Bus; the layer covers `octets`.
void describe_records(mbus::record_reader records, bytes_view octets, std::uint8_t device_type, layer_writer& w,
                      telegram& t);
/// `12345678 APA water, version 5`
[[nodiscard]] std::string who(const mbus::identity& meter);
/// Describes the octets of STS (EN 13757-3, 5.5).
[[nodiscard]] std::string status_text(std::uint8_t sts);

}  // namespace smgw::dissect
