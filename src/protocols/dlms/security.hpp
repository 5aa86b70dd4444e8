// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Protection of pushed APDUs with AES-GCM (IEC 62056-5-3; DLMS UA 1000-2, 9.2), security suites 0, 1 and 2.

#include "base/secret.hpp"
#include "protocols/dlms/apdu.hpp"

#include <memory>

namespace smgw::dlms {

/// Why a protected APDU was not opened, apart from what errc can say. A person who gave a wrong key must see another
/// word than one who gave none.
enum class protection_fault : std::uint8_t {
  none,
  no_key,                 ///< errc::unavailable: no encryption key is known for this meter
  no_authentication_key,  ///< errc::denied: there is a tag, and no authentication key to check it with
  tag_wrong,              ///< errc::untrusted: a key is wrong, or the telegram was changed
  plaintext_implausible,  ///< errc::malformed: no tag to tell, but what came out is no APDU: the key is wrong
  unsupported,            ///< errc::unsupported: security suite, compression, or a key length that does not fit
  replayed,               ///< errc::conflict: the invocation counter is not above the last one
};

/// The last invocation counter that was accepted from one meter under one key. The caller keeps it across restarts.
/// A new key begins with a new state.
struct counter_state {
  std::uint32_t last = 0;
  bool seen = false;
  friend bool operator==(const counter_state&, const counter_state&) = default;
};

struct opened {
  bytes_view plaintext;        ///< valid until the cipher is used again, and as long as the input
  bool authenticated = false;  ///< the tag was there and verified
};

/// The keys of one meter, with the cipher objects kept: making them anew costs more than a telegram.
class cipher {
 public:
  /// 16 octets for the suites 0 and 1, 32 for suite 2. Without authentication key, what carries a tag is refused.
  explicit cipher(const secret& encryption_key, const secret& authentication_key = {});
  cipher(cipher&&) noexcept;
  cipher& operator=(cipher&&) noexcept;
  ~cipher();

  /// The system title to use where the APDU has none (service-specific ciphering).
  void set_system_title(std::array<std::uint8_t, system_title_size> title) noexcept;

  /// Verifies and decrypts. `why`, if given, gets the reason of a refusal.
  /// The order of checks: suite and keys, replay, tag, plausibility. `counters` (may be null) moves on only with a
  /// verified tag: without one, anybody could push the counter to its end and shut the meter out.
  [[nodiscard]] expected<opened> open(const ciphered& c, counter_state* counters, protection_fault* why = nullptr);

  /// Protects an APDU as a meter does. `security_control` and `header` as in ciphered; refuses what open() would not
  /// open.
  [[nodiscard]] expected<bytes> protect(bytes_view apdu_octets, std::uint8_t security_control, bytes_view system_title,
                                        std::uint32_t counter, apdu_tag tag = apdu_tag::general_glo_ciphering,
                                        bytes_view header = {});

 private:
  struct engine;
  std::unique_ptr<engine> engine_;
};

/// Opens with the keys of a meter, or says which are missing: `keys` may be null.
[[nodiscard]] expected<opened> open(const ciphered& c, cipher* keys, counter_state* counters,
                                    protection_fault* why = nullptr);

}  // namespace smgw::dlms
