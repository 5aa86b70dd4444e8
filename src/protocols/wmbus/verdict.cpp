// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/receiver.hpp"

namespace smgw::wmbus {

std::string_view name(verdict v) noexcept {
  constexpr std::array<std::string_view, 11> names{"accepted",       "pending",     "no frame",    "bad CRC",
                                                   "no key",         "wrong key",   "implausible", "replayed",
                                                   "unknown format", "unprotected", "unsupported"};
  return names[static_cast<std::size_t>(v)];
}

errc code_of(verdict v) noexcept {
  switch (v) {
    case verdict::no_frame:
    case verdict::bad_crc: return errc::malformed;
    case verdict::no_key:
    case verdict::unknown_format: return errc::unavailable;
    case verdict::wrong_key:
    case verdict::implausible: return errc::untrusted;
    case verdict::replayed: return errc::conflict;
    case verdict::unprotected: return errc::denied;
    case verdict::unsupported: return errc::unsupported;
    default: return errc::internal;
  }
}

}  // namespace smgw::wmbus
