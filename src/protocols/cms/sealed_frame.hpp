// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// An AuthEnvelopedData without its ciphertext and MAC. Inner use of this module.

#include "protocols/cms/enveloped_data.hpp"

namespace smgw::cms {

struct sealed_frame {
  secret key;
  bytes iv;
  bytes attributes;  ///< content of authAttrs
  bytes aad;         ///< the same as a SET OF; empty if there are none
  bytes head;        ///< all that stands before the ciphertext
  std::size_t ciphertext_octets = 0;
  std::size_t message_octets = 0;
  /// All that stands behind the ciphertext.
  [[nodiscard]] bytes tail(bytes_view mac) const;
};

/// Makes the keys of a message and what stands around its ciphertext; errors as `seal`.
[[nodiscard]] expected<sealed_frame> frame_envelope(std::size_t content_size, const recipient& to, const sealing& how,
                                                    const key_source& keys);

}  // namespace smgw::cms
