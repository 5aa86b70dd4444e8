// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/hdlc/sym.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <botan/block_cipher.h>
#include <botan/mac.h>

#include <limits>

namespace smgw::hdlc::sym {
namespace {

constexpr std::size_t block = 16;
constexpr std::size_t header = 1 + 1 + 10 + 4 + 2;
constexpr std::uint8_t refused_flag = 0x80;

/// pad(m) of 3116 7.2: n octets of value n, one block more where m is whole blocks.
std::uint8_t fill_of(std::size_t size) { return static_cast<std::uint8_t>(block - size % block); }

secret cmac(const secret& key, bytes_view data) {
  const auto mac = Botan::MessageAuthenticationCode::create_or_throw("CMAC(AES-128)");
  mac->set_key(key.reveal());
  mac->update(data);
  secret out{block};
  mac->final(out.writable());
  return out;
}

std::unique_ptr<Botan::BlockCipher> aes(const secret& key) {
  auto cipher = Botan::BlockCipher::create_or_throw("AES-128");
  cipher->set_key(key.reveal());
  return cipher;
}

void exclusive_or(std::uint8_t* into, const std::uint8_t* other) {
  for (std::size_t i = 0; i < block; ++i) into[i] ^= other[i];
}

void cbc_encrypt(const secret& key, std::span<std::uint8_t> data) {
  const auto cipher = aes(key);
  for (std::size_t at = 0; at < data.size(); at += block) {
    if (at != 0) exclusive_or(&data[at], &data[at - block]);
    cipher->encrypt(&data[at]);
  }
}

secret cbc_decrypt(const secret& key, bytes_view data) {
  const auto cipher = aes(key);
  secret out{data.size()};
  auto to = out.writable();
  std::ranges::copy(data, to.begin());
  cipher->decrypt_n(data.data(), to.data(), data.size() / block);
  for (std::size_t at = block; at < data.size(); at += block) exclusive_or(&to[at], &data[at - block]);
  return out;
}

bytes begin(type what, std::uint8_t flags, const server_id& meter, std::uint32_t counter, std::size_t length) {
  bytes out{static_cast<std::uint8_t>(what), flags};
  put(out, meter);
  put_be(out, counter);
  put_be(out, static_cast<std::uint16_t>(length));
  return out;
}

std::unexpected<error> broken(const char* what) { return fail(errc::malformed, what); }

}  // namespace

expected<message_keys> derive(const secret& master, bool of_meter, std::uint32_t counter, const server_id& meter) {
  if (master.size() != block) return fail(errc::malformed, "the pairing key has 128 bits");
  bytes input{static_cast<std::uint8_t>(of_meter ? 0x00 : 0x10)};
  put_be(input, counter);
  put(input, meter);
  input.push_back(fill_of(input.size()));
  auto encrypt = cmac(master, input);
  input[0] |= 0x01U;
  return message_keys{std::move(encrypt), cmac(master, input)};
}

expected<bytes> seal(const secret& master, const server_id& meter, type what, std::uint32_t counter,
                     bytes_view content) {
  if (content.size() > max_content) return fail(errc::exhausted, "too long for one message of the pairing");
  SMGW_TRY(const auto keys, derive(master, from_meter(what), counter, meter));
  const auto fill = fill_of(content.size());
  auto out = begin(what, 0, meter, counter, content.size() + fill);
  out.reserve(out.size() + content.size() + fill + block);  // no octet of a key stays in a vector that grew
  put(out, content);
  out.insert(out.end(), fill, fill);
  cbc_encrypt(keys.encrypt, std::span{out}.subspan(header));
  put(out, cmac(keys.mac, out).reveal());
  return out;
}

bytes put_refusal(const server_id& meter, type what, refusal why) {
  return begin(what, refused_flag | static_cast<std::uint8_t>(why), meter, 0, 0);
}

expected<envelope> look(bytes_view in, const server_id& meter) {
  const auto whole = in;
  if (in.size() < header) return fail(errc::truncated, "a message of the pairing is too short");
  if (in[0] < 1 || in[0] > 7) return broken("not a message of the pairing");
  envelope e{};
  e.what = static_cast<type>(in[0]);
  const auto flags = in[1];
  if (!std::ranges::equal(in.subspan(2, meter.size()), meter)) return broken("a message of another meter");
  e.counter = load_be<std::uint32_t>(&in[12]);
  const std::size_t length = load_be<std::uint16_t>(&in[16]);
  in = in.subspan(header);
  if ((flags & refused_flag) != 0) {
    const auto why = static_cast<std::uint8_t>(flags & 0x7FU);
    if (why < 1 || why > 5 || length != 0 || !in.empty()) return broken("not a refusal");
    e.refused = static_cast<refusal>(why);
    return e;
  }
  if (flags != 0) return broken("flags of the pairing that nobody knows");
  if (length == 0 || length % block != 0 || in.size() != length + block)
    return broken("a message of the pairing has another length than it says");
  e.content = in.first(length);
  e.authenticated = whole.first(header + length);
  e.mac = in.subspan(length);
  return e;
}

expected<message> open(const secret& master, const server_id& meter, const envelope& e) {
  SMGW_TRY(const auto keys, derive(master, from_meter(e.what), e.counter, meter));
  if (!equal_constant_time(cmac(keys.mac, e.authenticated).reveal(), e.mac))
    return fail(errc::untrusted, "the MAC of the pairing is wrong");
  const auto plain = cbc_decrypt(keys.encrypt, e.content);
  const auto text = plain.reveal();
  const auto fill = text.back();
  if (fill == 0 || fill > block || !std::ranges::all_of(text.last(fill), [&](std::uint8_t o) { return o == fill; }))
    return broken("padding of the pairing");
  return message{e.what, e.counter, secret{text.first(text.size() - fill)}};
}

bytes encode(const abilities& a) {
  bytes out;
  for (const auto* list : {&a.suites, &a.groups}) {
    const auto count = std::min<std::size_t>(list->size(), std::numeric_limits<std::uint8_t>::max());
    out.push_back(static_cast<std::uint8_t>(count));
    for (std::size_t i = 0; i < count; ++i) put_be(out, (*list)[i]);
  }
  return out;
}

expected<abilities> decode_abilities(bytes_view in) {
  abilities a;
  for (auto* list : {&a.suites, &a.groups}) {
    SMGW_TRY(const auto count, take_be<std::uint8_t>(in));
    for (unsigned i = 0; i < count; ++i) {
      SMGW_TRY(const auto point, take_be<std::uint16_t>(in));
      list->push_back(point);
    }
  }
  if (!in.empty()) return broken("more than a hello");
  return a;
}

}  // namespace smgw::hdlc::sym
