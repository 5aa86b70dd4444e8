// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Content encryption piece by piece. Inner use of this module.

#include "protocols/cms/primitives.hpp"

#include <memory>

namespace smgw::cms {

class content_stream {
 public:
  /// `aad`: for GCM it has to be known before the content. `tag`: octets of the GCM tag.
  [[nodiscard]] static expected<content_stream> create(cipher c, bool encrypts, const secret& key, bytes_view iv,
                                                       bytes_view aad, std::size_t tag = tag_octets);
  ~content_stream();
  content_stream(content_stream&&) noexcept;
  content_stream& operator=(content_stream&&) noexcept;

  [[nodiscard]] expected<bytes> encrypt(bytes_view plain);
  /// The block with the padding (CBC); nothing for GCM. Then `tag`.
  [[nodiscard]] expected<bytes> last_block();
  [[nodiscard]] expected<bytes> tag();

  /// Plaintext that nobody may believe before `verify`.
  [[nodiscard]] expected<bytes> decrypt(bytes_view ciphertext);
  /// The last octets. untrusted; malformed: padding. `aad` is that of CBC-CMAC, which comes behind the content.
  [[nodiscard]] expected<bytes> verify(bytes_view aad, bytes_view mac);

 private:
  struct state;
  explicit content_stream(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

}  // namespace smgw::cms
