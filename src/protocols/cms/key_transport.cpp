// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"
#include "protocols/cms/der.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/primitives.hpp"

#include <botan/block_cipher.h>
#include <botan/exceptn.h>
#include <botan/hash.h>
#include <botan/nist_keywrap.h>

#include <string>

namespace smgw::cms {
namespace {

constexpr const char* name(digest d) {
  switch (d) {
    case digest::sha256: return "SHA-256";
    case digest::sha384: return "SHA-384";
    case digest::sha512: return "SHA-512";
  }
  return "";
}

/// `SEQUENCE { keyInfo AlgorithmIdentifier, suppPubInfo [2] EXPLICIT OCTET STRING }`: RFC 5753, 7.2; ukm is absent.
bytes ecc_cms_shared_info(key_wrap wrap) {
  bytes bits;
  put_be(bits, static_cast<std::uint32_t>(8 * key_octets(wrap)));
  return der::make(der::sequence, {der::make(der::sequence, oids::of(wrap)),
                                   der::make(der::constructed(2), der::make(der::octet_string, bits))});
}

std::unique_ptr<Botan::BlockCipher> aes(const secret& key) {
  auto cipher = Botan::BlockCipher::create_or_throw("AES-" + std::to_string(8 * key.size()));
  cipher->set_key(key.reveal());
  return cipher;
}

}  // namespace

std::size_t digest_octets(digest d) noexcept {
  switch (d) {
    case digest::sha256: return 32;
    case digest::sha384: return 48;
    case digest::sha512: return 64;
  }
  return 0;
}

std::size_t key_octets(key_wrap w) noexcept {
  switch (w) {
    case key_wrap::aes128: return 16;
    case key_wrap::aes192: return 24;
    case key_wrap::aes256: return 32;
  }
  return 0;
}

expected<bytes> hash(digest d, bytes_view data) {
  try {
    const auto function = Botan::HashFunction::create_or_throw(name(d));
    function->update(data);
    return function->final_stdvec();
  } catch (const std::exception&) {
    return fail(errc::internal, "hash");
  }
}

expected<secret> derive_key(digest kdf, key_wrap wrap, shared_info info, bytes_view z) {
  try {
    const auto function = Botan::HashFunction::create_or_throw(name(kdf));
    const auto shared = info == shared_info::ecc_cms ? ecc_cms_shared_info(wrap) : bytes{};
    // The longest key is 32 octets and the shortest hash has 32, so that the counter stays at 1.
    function->update(z);
    function->update_be(std::uint32_t{1});
    function->update(shared);
    const auto block = function->final();
    return secret{bytes_view{block}.first(key_octets(wrap))};
  } catch (const std::exception&) {
    return fail(errc::internal, "key derivation");
  }
}

expected<bytes> wrap_key(const secret& kek, const secret& key) {
  try {
    return Botan::nist_key_wrap(key.reveal().data(), key.size(), *aes(kek));
  } catch (const std::exception&) {
    return fail(errc::internal, "key wrap");
  }
}

expected<secret> unwrap_key(const secret& kek, bytes_view wrapped) {
  try {
    const auto key = Botan::nist_key_unwrap(wrapped.data(), wrapped.size(), *aes(kek));
    return secret{bytes_view{key}};
  } catch (const Botan::Invalid_Authentication_Tag&) {
    return fail(errc::untrusted, "wrapped key");
  } catch (const std::exception&) {
    return fail(errc::malformed, "wrapped key");
  }
}

}  // namespace smgw::cms
