// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A telegram taken apart for people: every octet with its name and meaning. What laboratories and field engineers
/// look at when a meter is not understood; the gateway's own way does not pass here.

#include <smgw/types.hpp>

namespace smgw::dissect {

/// A run of octets with one meaning. The fields of a layer cover all of its octets, in order and without overlap.
struct field {
  std::size_t offset = 0;  ///< from the start of the layer's octets
  std::size_t size = 0;
  unsigned depth = 0;  ///< how far inside lists and structures
  std::string name;
  std::string meaning;
};

/// One layer: its octets as they are read there, so decrypted and unescaped where the layer below did that.
struct layer {
  std::string name;   ///< a word that programs may test: `frame`, `dll`, `apl`, …
  std::string title;  ///< for people, with the standard
  bytes octets;
  std::vector<field> fields;
};

/// A value that the telegram carries.
struct value {
  std::string obis;      ///< `1-0:1.8.0*255`; empty if it has no such name
  std::string quantity;  ///< what it is, where the protocol says so
  std::string text;      ///< an exact decimal, a time, a text or hexadecimal digits
  std::string unit;      ///< symbol; empty without one
  std::string note;      ///< storage, tariff, time, status
};

/// What can be said about the whole.
enum class outcome : std::uint8_t {
  good,         ///< read to the end, check sequences good
  no_key,       ///< encrypted, and no key was given
  wrong_key,    ///< a MAC or tag does not verify, or what was decrypted makes no sense
  damaged,      ///< a check sequence or a length is wrong
  unsupported,  ///< a form that is not read here
};
[[nodiscard]] std::string_view to_string(outcome o) noexcept;  ///< `good`, `no_key`, …

struct telegram {
  std::string kind = "unknown";  ///< sml, hdlc, wmbus, mbus, dlms, d0, p1
  std::string framing{};         ///< wmbus: a, b, stripped; dlms: hdlc, mbus, wrapper, raw
  std::string meter{};           ///< who sent it, as far as the telegram tells
  outcome result = outcome::unsupported;
  std::string reason{};
  std::vector<layer> layers{};
  std::vector<value> values{};

  void conclude(outcome o, std::string why = {}) {
    result = o;
    reason = std::move(why);
  }
};

/// Lines for a terminal.
[[nodiscard]] std::string to_text(const telegram& t);
/// `{"format": "smgw-lmn-decode", "version": 1, "telegrams": […]}`; described in docs/lmn-decode.md.
[[nodiscard]] std::string to_json(std::span<const telegram> all);

}  // namespace smgw::dissect
