// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/secret.hpp"
#include "protocols/dissect/telegram.hpp"

#include <memory>

namespace smgw::dissect {

/// Most telegrams of one input.
inline constexpr std::size_t max_telegrams = 4096;

/// Keys of the meter, where they are known.
struct keys {
  secret encryption;      ///< wM-Bus: the meter's master key; DLMS: the encryption key
  secret authentication;  ///< DLMS
};

/// Takes telegrams apart: finds out what they are, then names each octet. Remembers what later telegrams need (formats
/// of compact M-Bus frames, blocks of a DLMS transfer). Never fails: what is not understood is shown as such.
class dissector {
 public:
  /// malformed: a key of a length that no protocol has (16, DLMS also 32 octets).
  [[nodiscard]] static expected<dissector> make(keys of_the_meter = {});
  dissector(dissector&&) noexcept;
  dissector& operator=(dissector&&) noexcept;
  ~dissector();

  /// All telegrams of the input, in order. Octets between two telegrams are one of kind `unknown`.
  [[nodiscard]] std::vector<telegram> all(bytes_view in);

 private:
  struct state;
  explicit dissector(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

}  // namespace smgw::dissect
