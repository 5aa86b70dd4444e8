// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/card/secure_messaging.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/card/tlv.hpp"
#include "crypto/detail/botan.hpp"
#include "crypto/mac.hpp"

#include <botan/block_cipher.h>
#include <botan/cipher_mode.h>

#include <algorithm>

namespace smgw::crypto::card {
namespace {

constexpr std::size_t block = 16;
constexpr std::uint8_t padding_indicator = 0x01;
constexpr std::uint8_t secure_class = 0x0C;

expected<bytes> cbc(Botan::Cipher_Dir direction, const secret& key, bytes_view iv, bytes_view data) {
  return detail::guarded(errc::internal, "card: AES-CBC", [&]() -> expected<bytes> {
    const auto mode = Botan::Cipher_Mode::create_or_throw("AES-128/CBC/NoPadding", direction);
    mode->set_key(key.reveal());
    mode->start(iv);
    Botan::secure_vector<std::uint8_t> work(data.begin(), data.end());
    mode->finish(work);
    return detail::to_bytes(work);
  });
}

}  // namespace

void pad(bytes& data) {
  data.push_back(0x80);
  data.resize((data.size() + block - 1) / block * block);
}

void session_cipher::step() noexcept {
  for (auto at = counter_.rbegin(); at != counter_.rend(); ++at)
    if (++*at != 0) return;
}

bytes session_cipher::initial_vector() const {
  bytes iv(block);
  const auto cipher = Botan::BlockCipher::create_or_throw("AES-128");
  cipher->set_key(keys_.encryption.reveal());
  cipher->encrypt(counter_.data(), iv.data());
  return iv;
}

expected<bytes> session_cipher::encrypt(bytes_view plain) const {
  bytes padded(plain.begin(), plain.end());
  pad(padded);
  auto done = cbc(Botan::Cipher_Dir::Encryption, keys_.encryption, initial_vector(), padded);
  wipe(padded);
  return done;
}

expected<bytes> session_cipher::decrypt(bytes_view cipher) const {
  if (cipher.empty() || cipher.size() % block != 0) return fail(errc::malformed, "card: cryptogram length");
  SMGW_TRY(auto padded, cbc(Botan::Cipher_Dir::Decryption, keys_.encryption, initial_vector(), cipher));
  const auto last = std::find_if(padded.rbegin(), padded.rend(), [](std::uint8_t b) { return b != 0; });
  const auto zeros = static_cast<std::size_t>(last - padded.rbegin());
  if (last == padded.rend() || *last != 0x80 || zeros >= block) return fail(errc::malformed, "card: padding");
  padded.resize(padded.size() - zeros - 1);
  return padded;
}

expected<std::array<std::uint8_t, 8>> session_cipher::mac(bytes_view data) const {
  bytes input(counter_.begin(), counter_.end());
  put(input, data);
  pad(input);
  SMGW_TRY(const auto full, aes_cmac(keys_.mac.reveal(), input));
  std::array<std::uint8_t, 8> cut{};
  std::copy_n(full.begin(), cut.size(), cut.begin());
  return cut;
}

expected<command> secure_messaging::wrap(const command& plain) {
  cipher_.step();
  command out{.cla = static_cast<std::uint8_t>(plain.cla | secure_class),
              .ins = plain.ins,
              .p1 = plain.p1,
              .p2 = plain.p2,
              .data = {},
              .expects = plain.expects > short_answer || plain.data.size() > 128 ? 65536 : short_answer};
  if (!plain.data.empty()) {
    SMGW_TRY(const auto cryptogram, cipher_.encrypt(plain.data));
    const bool odd = (plain.ins & 1) != 0;
    put(out.data, odd ? tlv(do_cryptogram_odd, {cryptogram})
                      : tlv(do_cryptogram, {bytes_view{&padding_indicator, 1}, cryptogram}));
  }
  if (plain.expects != 0) {
    bytes le;
    if (plain.expects > short_answer)
      put_be(le, static_cast<std::uint16_t>(plain.expects));
    else
      le.push_back(static_cast<std::uint8_t>(plain.expects));
    put(out.data, tlv(do_expects, {le}));
  }
  bytes covered{out.cla, out.ins, out.p1, out.p2};
  pad(covered);
  put(covered, out.data);
  SMGW_TRY(const auto mac, cipher_.mac(covered));
  put(out.data, tlv(do_mac, {mac}));
  return out;
}

expected<response> secure_messaging::unwrap(const response& wrapped) {
  cipher_.step();
  bytes_view rest{wrapped.data};
  bytes_view cryptogram, status, mac;
  std::size_t covered = 0;
  bool odd = false;
  while (!rest.empty()) {
    const auto object = next_object(rest);
    if (!object) return fail(errc::untrusted, "card: the answer is no list of data objects");
    if (object->tag == do_mac) {
      mac = object->value;
      break;
    }
    covered += object->whole.size();
    if (object->tag == do_status) {
      status = object->value;
    } else if (object->tag == do_cryptogram || object->tag == do_cryptogram_odd) {
      cryptogram = object->value;
      odd = object->tag == do_cryptogram_odd;
    } else {
      return fail(errc::untrusted, "card: an answer with an unknown data object");
    }
  }
  if (mac.empty() && status.empty()) return fail(errc::untrusted, "card: an answer without protection");
  SMGW_TRY(const auto right, cipher_.mac(bytes_view{wrapped.data}.first(covered)));
  if (!rest.empty() || !equal_constant_time(right, mac))
    return fail(errc::untrusted, "card: the answer's MAC is wrong");
  if (status.size() != 2 || load_be<std::uint16_t>(status.data()) != wrapped.status)
    return fail(errc::untrusted, "card: the answer's status was altered");
  response plain{{}, wrapped.status};
  if (cryptogram.empty()) return plain;
  if (!odd) {
    if (cryptogram[0] != padding_indicator) return fail(errc::malformed, "card: padding indicator");
    cryptogram = cryptogram.subspan(1);
  }
  SMGW_TRY(plain.data, cipher_.decrypt(cryptogram));
  return plain;
}

}  // namespace smgw::crypto::card
