// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/content_stream.hpp"

#include "base/octets.hpp"
#include "protocols/cms/cipher_modes.hpp"

#include <botan/aead.h>
#include <botan/exceptn.h>
#include <botan/mac.h>

namespace smgw::cms {

struct content_stream::state {
  ~state() { wipe(held); }
  cipher kind{};
  std::unique_ptr<Botan::Cipher_Mode> mode;
  std::unique_ptr<Botan::MessageAuthenticationCode> mac;  // of CBC-CMAC
  bytes aad;
  bytes held;  // the octets of a block that is not complete or, decrypting CBC, that may be the last
};

content_stream::content_stream(std::unique_ptr<state> s) : state_(std::move(s)) {}
content_stream::~content_stream() = default;
content_stream::content_stream(content_stream&&) noexcept = default;
content_stream& content_stream::operator=(content_stream&&) noexcept = default;

expected<content_stream> content_stream::create(cipher c, bool encrypts, const secret& key, bytes_view iv,
                                                bytes_view aad, std::size_t tag) {
  try {
    const auto way = encrypts ? direction::encryption : direction::decryption;
    auto s = std::make_unique<state>();
    s->kind = c;
    s->aad.assign(aad.begin(), aad.end());
    if (is_gcm(c)) {
      s->mode = make_gcm(c, key, iv, aad, tag, way);
    } else {
      s->mode = make_cbc(c, key, iv, way);
      s->mac = make_cmac(c, key);
    }
    return content_stream{std::move(s)};
  } catch (const std::exception&) {
    return fail(errc::internal, "content encryption");
  }
}

expected<bytes> content_stream::encrypt(bytes_view plain) {
  auto& s = *state_;
  try {
    bytes out = std::exchange(s.held, {});
    put(out, plain);
    const auto whole = out.size() - out.size() % cipher_block;
    s.held.assign(out.begin() + static_cast<std::ptrdiff_t>(whole), out.end());
    out.resize(whole);
    if (!out.empty()) s.mode->process(out);
    if (s.mac) s.mac->update(out);
    return out;
  } catch (const std::exception&) {
    return fail(errc::internal, "content encryption");
  }
}

expected<bytes> content_stream::last_block() {
  auto& s = *state_;
  if (!is_gcm(s.kind)) {
    const auto k = cipher_block - s.held.size();
    return encrypt(bytes(k, static_cast<std::uint8_t>(k)));
  }
  try {
    bytes out = std::exchange(s.held, {});
    if (!out.empty()) s.mode->process(out);
    return out;
  } catch (const std::exception&) {
    return fail(errc::internal, "content encryption");
  }
}

expected<bytes> content_stream::tag() {
  try {
    if (state_->mac) {
      state_->mac->update(state_->aad);
      return state_->mac->final_stdvec();
    }
    Botan::secure_vector<std::uint8_t> tag;
    state_->mode->finish(tag);
    return bytes(tag.begin(), tag.end());
  } catch (const std::exception&) {
    return fail(errc::internal, "content encryption");
  }
}

expected<bytes> content_stream::decrypt(bytes_view ciphertext) {
  auto& s = *state_;
  try {
    if (s.mac) s.mac->update(ciphertext);
    bytes out = std::exchange(s.held, {});
    put(out, ciphertext);
    // Whole blocks go on. Of CBC, the last one stays: its padding is not looked at before the MAC.
    const auto keep = out.empty()      ? 0
                      : is_gcm(s.kind) ? out.size() % cipher_block
                                       : (out.size() - 1) % cipher_block + 1;
    s.held.assign(out.end() - static_cast<std::ptrdiff_t>(keep), out.end());
    out.resize(out.size() - keep);
    if (!out.empty()) s.mode->process(out);
    return out;
  } catch (const std::exception&) {
    return fail(errc::internal, "content decryption");
  }
}

expected<bytes> content_stream::verify(bytes_view aad, bytes_view mac) {
  auto& s = *state_;
  try {
    if (!s.mac) {
      if (!s.held.empty()) s.mode->process(s.held);
      Botan::secure_vector<std::uint8_t> tag(mac.begin(), mac.end());
      s.mode->finish(tag);
      return std::exchange(s.held, {});
    }
    s.mac->update(aad);
    if (!equal_constant_time(s.mac->final_stdvec(), mac)) return fail(errc::untrusted, "MAC of the content");
    if (s.held.size() != cipher_block) return fail(errc::malformed, "CBC length");
    auto last = std::exchange(s.held, {});
    s.mode->process(last);
    const auto padding = padding_of(last);
    if (!padding) return std::unexpected{padding.error()};
    last.resize(last.size() - *padding);
    return last;
  } catch (const Botan::Invalid_Authentication_Tag&) {
    return fail(errc::untrusted, "MAC of the content");
  } catch (const std::exception&) {
    return fail(errc::internal, "content decryption");
  }
}

}  // namespace smgw::cms
