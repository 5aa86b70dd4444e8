// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "signed_slots.hpp"

#include <openssl/evp.h>

#include <fstream>
#include <iterator>
#include <memory>

namespace acme {
namespace {

using smgw::errc;
using smgw::fail;

constexpr std::size_t signature_size = 64;
constexpr std::uint64_t largest_image = std::uint64_t{64} << 20U;

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using digest_pointer = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

bool verify(smgw::bytes_view text, smgw::bytes_view signature, const smgw::bytes& maker) {
  const key_pointer key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, maker.data(), maker.size()),
                        EVP_PKEY_free);
  const digest_pointer with(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return key && with && EVP_DigestVerifyInit(with.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(with.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
}

}  // namespace

maker_keys make_maker_keys() {
  const key_pointer key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
  maker_keys made{smgw::bytes(32), smgw::bytes(32)};
  std::size_t size = 32;
  EVP_PKEY_get_raw_private_key(key.get(), made.private_key.data(), &size);
  EVP_PKEY_get_raw_public_key(key.get(), made.public_key.data(), &size);
  return made;
}

smgw::bytes sign_image(const maker_keys& keys, std::string_view version, std::string_view firmware) {
  smgw::bytes image(version.begin(), version.end());
  image.push_back('\n');
  image.insert(image.end(), firmware.begin(), firmware.end());
  const key_pointer key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, keys.private_key.data(), 32),
                        EVP_PKEY_free);
  const digest_pointer with(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  smgw::bytes signature(signature_size);
  std::size_t size = signature_size;
  EVP_DigestSignInit(with.get(), nullptr, nullptr, nullptr, key.get());
  EVP_DigestSign(with.get(), signature.data(), &size, image.data(), image.size());
  image.insert(image.end(), signature.begin(), signature.end());
  return image;
}

std::string signed_slots::read(const char* name) const {
  std::ifstream in(folder_ / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

smgw::expected<void> signed_slots::put(const char* name, std::string_view content) const {
  const auto file = folder_ / name, fresh = folder_ / (std::string(name) + ".new");
  std::ofstream(fresh, std::ios::binary) << content;
  std::error_code failure;
  std::filesystem::rename(fresh, file, failure);
  if (failure) return fail(errc::unavailable, file.string() + ": " + failure.message());
  return {};
}

smgw::expected<smgw::ports::firmware_state> signed_slots::inspect() {
  return smgw::ports::firmware_state{
      .running = read("running"), .staged = read("staged"), .confirmed = read("confirmed") == "yes"};
}

smgw::expected<void> signed_slots::begin(std::uint64_t size) {
  image_.clear();
  begun_ = false;
  if (size > largest_image) return fail(errc::exhausted, "larger than a slot");
  announced_ = size;
  begun_ = true;
  return {};
}

smgw::expected<void> signed_slots::write(smgw::bytes_view octets) {
  if (!begun_) return fail(errc::conflict, "not begun");
  if (octets.size() > announced_ - image_.size()) return fail(errc::exhausted, "more than announced");
  image_.insert(image_.end(), octets.begin(), octets.end());
  return {};
}

smgw::expected<std::string> signed_slots::finish() {
  if (!std::exchange(begun_, false)) return fail(errc::conflict, "not begun");
  const auto image = std::exchange(image_, {});
  if (image.size() < announced_ || image.size() < signature_size) return fail(errc::truncated, "octets are missing");
  const auto text = smgw::bytes_view(image).first(image.size() - signature_size);
  if (!verify(text, smgw::bytes_view(image).last(signature_size), maker_))
    return fail(errc::untrusted, "not signed by the maker");
  const std::string all(text.begin(), text.end());
  const auto version = all.substr(0, all.find('\n'));
  if (auto done = put("b", all); !done) return std::unexpected(done.error());
  if (auto done = put("staged", version); !done) return std::unexpected(done.error());
  return version;
}

smgw::expected<void> signed_slots::activate() {
  if (read("staged").empty()) return fail(errc::conflict, "nothing is staged");
  return put("next", "b");
}

smgw::expected<void> signed_slots::confirm() { return put("confirmed", "yes"); }

}  // namespace acme
