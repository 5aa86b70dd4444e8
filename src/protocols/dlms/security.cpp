// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/security.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <botan/aead.h>
#include <botan/exceptn.h>
#include <botan/stream_cipher.h>

#include <algorithm>

namespace smgw::dlms {
namespace {

constexpr std::size_t nonce_size = system_title_size + 4;

std::unexpected<error> refuse(protection_fault* why, protection_fault fault, errc code, const char* what) {
  if (why != nullptr) *why = fault;
  return fail(code, what);
}

// What a meter encrypts: an APDU, or the text of a P1 telegram (the customer interface of Luxembourg).
bool plausible(bytes_view plaintext) noexcept {
  return !plaintext.empty() && (is_pushed(plaintext[0]) || plaintext[0] == '/');
}

}  // namespace

struct cipher::engine {
  secret encryption_key;
  secret authentication_key;
  std::array<std::uint8_t, system_title_size> title{};
  bool has_title = false;

  std::unique_ptr<Botan::AEAD_Mode> gcm;         // decryption
  std::unique_ptr<Botan::StreamCipher> counter;  // encryption without tag, both directions
  Botan::secure_vector<std::uint8_t> work;
  Botan::secure_vector<std::uint8_t> associated;  // the associated data that `gcm` has

  std::array<std::uint8_t, nonce_size> nonce_of(bytes_view system_title, std::uint32_t invocation) const {
    std::array<std::uint8_t, nonce_size> nonce{};
    if (system_title.empty()) system_title = title;
    std::copy(system_title.begin(), system_title.end(), nonce.begin());
    for (std::size_t i = 0; i < 4; ++i)
      nonce[system_title_size + i] = static_cast<std::uint8_t>(invocation >> (8 * (3 - i)));
    return nonce;
  }

  std::string algorithm(const char* mode) const {
    return std::string{encryption_key.size() == 32 ? "AES-256" : "AES-128"} + mode;
  }
  std::unique_ptr<Botan::AEAD_Mode> make_gcm(Botan::Cipher_Dir direction) const {
    auto made = Botan::AEAD_Mode::create_or_throw(algorithm("/GCM(12)"), direction);
    const auto key = encryption_key.reveal();
    made->set_key(key.data(), key.size());
    return made;
  }

  // SC, AK, the fields that general-ciphering has before its content, and, where nothing is encrypted, the text (DLMS
  // UA 1000-2, 9.2.7.2).
  void associate(Botan::AEAD_Mode& mode, Botan::secure_vector<std::uint8_t>& data, std::uint8_t security_control,
                 bytes_view header, bytes_view text) const {
    data.assign(1, security_control);
    for (const auto part : {authentication_key.reveal(), header, text})
      data.insert(data.end(), part.begin(), part.end());
    mode.set_associated_data(data.data(), data.size());
  }
  bool is_associated(std::uint8_t security_control, bytes_view header, bytes_view text) const {
    const auto before = 1 + authentication_key.size();
    if (associated.size() != before + header.size() + text.size() || associated[0] != security_control) return false;
    const auto rest = bytes_view{associated}.subspan(before);
    return std::ranges::equal(rest.first(header.size()), header) &&
           std::ranges::equal(rest.subspan(header.size()), text);
  }

  // AES-GCM without its tag is counter mode that begins with block 2 (NIST SP 800-38D, 7.1).
  void apply_counter_mode(bytes_view system_title, std::uint32_t invocation, bytes_view in,
                          std::span<std::uint8_t> out) {
    if (!counter) {
      counter = Botan::StreamCipher::create_or_throw("CTR-BE(" + algorithm("") + ")");
      const auto key = encryption_key.reveal();
      counter->set_key(key.data(), key.size());
    }
    std::array<std::uint8_t, 16> first{};
    const auto nonce = nonce_of(system_title, invocation);
    std::copy(nonce.begin(), nonce.end(), first.begin());
    first[15] = 2;
    counter->set_iv(first.data(), first.size());
    counter->cipher(in.data(), out.data(), in.size());
  }

  // What is associated stays in Botan's mode from one telegram to the next, and is the same in most of a meter.
  bytes_view decrypt_gcm(const ciphered& c, bytes_view text) {
    if (!gcm) {
      gcm = make_gcm(Botan::Cipher_Dir::Decryption);
      associated.clear();
    }
    if (!is_associated(c.security_control, c.header, text))
      associate(*gcm, associated, c.security_control, c.header, text);
    const auto nonce = nonce_of(c.system_title, c.counter);
    gcm->start(nonce.data(), nonce.size());
    work.assign(c.payload.begin() + static_cast<std::ptrdiff_t>(text.size()), c.payload.end());
    gcm->finish(work);
    return {work.data(), work.size()};
  }

  expected<void> check_header(const ciphered& c, protection_fault* why) const {
    using enum protection_fault;
    if (c.suite() > 2) return refuse(why, unsupported, errc::unsupported, "unknown security suite");
    if (c.compressed()) return refuse(why, unsupported, errc::unsupported, "compression is not offered");
    if (!c.encrypted() && !c.authenticated())
      return refuse(why, unsupported, errc::unsupported, "ciphered APDU without protection");
    if (c.system_title.empty() && !has_title)
      return refuse(why, no_key, errc::unavailable, "no system title is known for this meter");
    const std::size_t size = c.suite() == 2 ? 32 : 16;
    if (encryption_key.empty()) return refuse(why, no_key, errc::unavailable, "no key is known for this meter");
    if (encryption_key.size() != size)
      return refuse(why, unsupported, errc::unsupported, "key length does not fit the security suite");
    if (!c.authenticated()) return {};
    if (authentication_key.empty())
      return refuse(why, no_authentication_key, errc::denied, "telegram has a tag, and no authentication key is known");
    if (authentication_key.size() != size)
      return refuse(why, unsupported, errc::unsupported, "key length does not fit the security suite");
    return {};
  }

  opened open_checked(const ciphered& c) {
    if (!c.authenticated()) {
      work.resize(c.payload.size());
      apply_counter_mode(c.system_title, c.counter, c.payload, work);
      return {.plaintext = {work.data(), work.size()}, .authenticated = false};
    }
    const auto text = c.encrypted() ? bytes_view{} : c.payload.first(c.payload.size() - tag_size);
    const auto plaintext = decrypt_gcm(c, text);
    return {.plaintext = c.encrypted() ? plaintext : text, .authenticated = true};
  }
};

cipher::cipher(const secret& encryption_key, const secret& authentication_key) : engine_(std::make_unique<engine>()) {
  engine_->encryption_key = encryption_key.clone();
  engine_->authentication_key = authentication_key.clone();
  engine_->work.reserve(max_telegram);
  engine_->associated.reserve(max_telegram);
}
cipher::cipher(cipher&&) noexcept = default;
cipher& cipher::operator=(cipher&&) noexcept = default;
cipher::~cipher() = default;

void cipher::set_system_title(std::array<std::uint8_t, system_title_size> title) noexcept {
  engine_->title = title;
  engine_->has_title = true;
}

expected<opened> cipher::open(const ciphered& c, counter_state* counters, protection_fault* why) {
  using enum protection_fault;
  if (why != nullptr) *why = none;
  SMGW_CHECK(engine_->check_header(c, why));
  if (counters != nullptr && counters->seen && c.counter <= counters->last)
    return refuse(why, replayed, errc::conflict, "invocation counter was used before");
  opened result;
  try {
    result = engine_->open_checked(c);
  } catch (const Botan::Invalid_Authentication_Tag&) {
    return refuse(why, tag_wrong, errc::untrusted, "authentication tag is wrong (wrong key, or changed on the way)");
  } catch (const std::exception&) {
    engine_->gcm.reset();  // in the middle of a message, or with half of what is associated
    return refuse(why, unsupported, errc::internal, "AES-GCM failed");
  }
  if (!plausible(result.plaintext)) {
    const auto* text = result.authenticated ? "protected content is no APDU" : "plaintext is implausible (wrong key?)";
    return refuse(why, plaintext_implausible, errc::malformed, text);
  }
  if (counters != nullptr && result.authenticated) *counters = {.last = c.counter, .seen = true};
  return result;
}

expected<bytes> cipher::protect(bytes_view apdu_octets, std::uint8_t security_control, bytes_view system_title,
                                std::uint32_t invocation, apdu_tag tag, bytes_view header) {
  ciphered c{.tag = tag,
             .system_title = system_title,
             .header = header,
             .security_control = security_control,
             .counter = invocation,
             .payload = {}};
  if (!system_title.empty() && system_title.size() != system_title_size)
    return fail(errc::malformed, "system title has not 8 octets");
  SMGW_CHECK(engine_->check_header(c, nullptr));
  bytes payload;
  try {
    if (!c.authenticated()) {
      payload.resize(apdu_octets.size());
      engine_->apply_counter_mode(system_title, invocation, apdu_octets, payload);
    } else {
      const auto gcm = engine_->make_gcm(Botan::Cipher_Dir::Encryption);
      Botan::secure_vector<std::uint8_t> associated;
      engine_->associate(*gcm, associated, security_control, header, c.encrypted() ? bytes_view{} : apdu_octets);
      const auto nonce = engine_->nonce_of(system_title, invocation);
      gcm->start(nonce.data(), nonce.size());
      Botan::secure_vector<std::uint8_t> work;
      if (c.encrypted()) work.assign(apdu_octets.begin(), apdu_octets.end());
      gcm->finish(work);
      if (!c.encrypted()) put(payload, apdu_octets);
      put(payload, bytes_view{work});
    }
  } catch (const std::exception&) {
    return fail(errc::internal, "AES-GCM failed");
  }
  c.payload = payload;
  bytes out;
  put_ciphered(out, c);
  return out;
}

expected<opened> open(const ciphered& c, cipher* keys, counter_state* counters, protection_fault* why) {
  if (keys != nullptr) return keys->open(c, counters, why);
  return refuse(why, protection_fault::no_key, errc::unavailable, "no key is known for this meter");
}

}  // namespace smgw::dlms
