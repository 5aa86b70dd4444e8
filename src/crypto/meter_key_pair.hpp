// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What the gateway makes for a meter of the wired LMN: a key pair and its self-signed certificate (detail
/// specification 3; TR-03116-3 6.3.1), and how both travel: DER of the certificate, then DER of the key (RFC 5915).

#include "crypto/certificate.hpp"
#include "crypto/key_store.hpp"

#include <string>

namespace smgw::crypto {

struct meter_key_pair {
  certificate public_part;
  secret both;  ///< certificate, then key, as they are sent
};
/// CN = `<id>.sm`. malformed: longer than seven years (TR-03116-3 table 17), or no validity at all.
[[nodiscard]] expected<meter_key_pair> make_meter_key_pair(const device_id& meter, curve on, timestamp not_before,
                                                           timestamp not_after);

/// ECPrivateKey with its curve and public point (RFC 5915, RFC 5480).
[[nodiscard]] secret put_private_key(curve on, const secret& scalar, bytes_view public_point);

struct received_key_pair {
  certificate public_part;
  secret scalar;
};
/// For meters: takes both apart. untrusted: the key is not that of the certificate.
[[nodiscard]] expected<received_key_pair> take_meter_key_pair(bytes_view both);

}  // namespace smgw::crypto
