// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// SML files as meters send them, straight and bent.

#include "base/crc16.hpp"
#include "base/octets.hpp"
#include "protocols/sml/message.hpp"
#include "protocols/sml/transport.hpp"

#include <algorithm>

namespace smgw::sml_files {

/// Messages, and the file around them.
class file {
 public:
  /// `kermit`: with the check sequences of a Holley DTZ541, high octet first.
  explicit file(bool kermit = false) : kermit_(kermit) {}

  file& add(sml::message_body body) {
    sml::message m;
    m.body = std::move(body);
    const auto begin = payload_.size();
    sml::put_message(payload_, m);
    if (kermit_) set_kermit(begin, payload_.size() - 1, payload_);  // `00` ends a message
    return *this;
  }
  [[nodiscard]] bytes octets() const {
    bytes out;
    sml::put_file(out, payload_);
    if (kermit_) set_kermit(0, out.size(), out, 0);
    return out;
  }

 private:
  // The CRC is the two octets before `end`; in a message, its type-length octet is not covered.
  static void set_kermit(std::size_t begin, std::size_t end, bytes& in, std::size_t head = 1) {
    const auto crc = crc16_kermit(bytes_view{in}.subspan(begin, end - 2 - head - begin));
    in[end - 2] = static_cast<std::uint8_t>(crc >> 8);
    in[end - 1] = static_cast<std::uint8_t>(crc);
  }

  bool kermit_;
  bytes payload_;
};

inline const bytes energy{1, 0, 1, 8, 0, 255};
inline const bytes power{1, 0, 16, 7, 0, 255};

inline sml::moment index(std::uint32_t seconds) { return {sml::moment::form::second_index, seconds, 0, 0}; }
inline sml::moment bare(std::uint32_t seconds) { return {sml::moment::form::bare, seconds, 0, 0}; }

inline sml::register_entry watt_hours(std::int64_t tenths, sml::moment at = {}) {
  return {energy, {0x1C0104, 4}, at, 30, -1, sml::value::of(tenths), {}};
}
inline sml::register_entry watts(std::int64_t hundredths, std::uint8_t width) {
  return {power, {}, {}, 27, -2, sml::value::of(hundredths, width), {}};
}

/// What a meter pushes: PublicOpen.Res, GetList.Res, PublicClose.Res.
inline bytes push(bytes_view server_id, std::span<const sml::register_entry> entries, bool kermit = false,
                  bool list_has_id = true) {
  sml::open_response open;
  open.server_id = server_id;
  sml::get_list_response list;
  if (list_has_id) list.server_id = server_id;
  list.values = entries;
  return file(kermit).add(open).add(list).add(sml::close_response{}).octets();
}

}  // namespace smgw::sml_files
