// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// What a card or a reader may send: the first octet chooses the decoder. What decodes is encoded and decoded again and
/// must agree. Behind the MAC of secure messaging the target stands in for the card, so that the octets get there.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/card/commands.hpp"
#include "crypto/card/directory.hpp"
#include "crypto/card/pace.hpp"
#include "crypto/card/tlv.hpp"
#include "crypto/hash.hpp"

#include <algorithm>

using namespace smgw;
using namespace smgw::crypto::card;

namespace {

session_keys fixed_keys() { return {.encryption = secret(16), .mac = secret(16)}; }

void fuzz_command(bytes_view in) {
  const auto c = decode_command(in);
  if (!c) return;
  const auto again = decode_command(encode(*c));
  SMGW_ASSERT(again && again->cla == c->cla && again->ins == c->ins && again->p1 == c->p1 && again->p2 == c->p2);
  SMGW_ASSERT(again->data == c->data && again->expects == c->expects && c->data.size() <= max_data);
}

void fuzz_response(bytes_view in) {
  const auto r = decode_response(in);
  SMGW_ASSERT(r || in.size() < 2 || in.size() > max_data + 2);
  if (!r) return;
  SMGW_ASSERT(std::ranges::equal(encode(*r), in));
  SMGW_ASSERT(!fault(r->status, "fuzz").what.empty());
  for (const auto on : smgw::crypto::all_curves) {
    if (const auto point = public_point_of(*r, on)) SMGW_ASSERT(point->size() == smgw::crypto::point_size(on));
    if (const auto x = shared_of(*r, on)) SMGW_ASSERT(x->size() == smgw::crypto::field_size(on));
  }
}

void fuzz_objects(bytes_view in) {
  while (!in.empty()) {
    const auto before = in;
    const auto object = next_object(in);
    if (!object) {
      SMGW_ASSERT(in.size() == before.size());
      return;
    }
    SMGW_ASSERT(object->whole.size() + in.size() == before.size() && object->value.size() < object->whole.size());
    const auto made = tlv(object->tag, {object->value});
    bytes_view rest{made};
    const auto again = next_object(rest);
    SMGW_ASSERT(again && again->tag == object->tag && std::ranges::equal(again->value, object->value) && rest.empty());
  }
}

void fuzz_files(bytes_view in) {
  if (const auto m = decode_information(in)) {
    const auto again = decode_information(encode(*m));
    SMGW_ASSERT(again && again->serial == m->serial && again->curves == m->curves);
  }
  // The checksum is right, so that the octets before it count.
  bytes whole(in.begin(), in.end());
  const auto full = smgw::crypto::sha256(whole);
  whole.insert(whole.end(), full.begin(), full.begin() + 8);
  if (const auto d = decode_directory(whole)) SMGW_ASSERT(encode(*d).size() == whole.size());
}

/// A terminal that has sent a command, and the card's cipher at the answer.
struct session_pair {
  secure_messaging terminal{fixed_keys()};
  session_cipher chip{fixed_keys()};
  session_pair() {
    SMGW_ASSERT(terminal.wrap(get_challenge(8)));
    chip.step();
    chip.step();
  }
};

bytes with_mac(const session_cipher& chip, bytes objects) {
  const auto mac = chip.mac(objects);
  SMGW_ASSERT(mac);
  put(objects, tlv(do_mac, {*mac}));
  return objects;
}

/// As it came; and with a right MAC behind it.
void fuzz_unwrap(bytes_view in) {
  if (const auto r = decode_response(in)) {
    session_pair raw;
    (void)raw.terminal.unwrap(*r);
    session_pair right;
    const auto opened = right.terminal.unwrap({with_mac(right.chip, r->data), r->status});
    SMGW_ASSERT(!opened || opened->status == r->status);
  }
}

/// What a card protects is what the terminal reads; with one bit changed it reads nothing.
void fuzz_protected(bytes_view in) {
  if (in.size() < 2 || in.size() > 1024) return;
  session_pair pair, other;
  const auto status = load_be<std::uint16_t>(in.data());
  const auto text = in.subspan(2);
  bytes objects;
  const std::uint8_t indicator = 1;
  if (!text.empty()) {
    const auto cryptogram = pair.chip.encrypt(text);
    SMGW_ASSERT(cryptogram);
    put(objects, tlv(do_cryptogram, {bytes_view{&indicator, 1}, *cryptogram}));
  }
  bytes inside;
  put_be(inside, status);
  put(objects, tlv(do_status, {inside}));
  auto sent = with_mac(pair.chip, objects);
  const auto opened = pair.terminal.unwrap({sent, status});
  SMGW_ASSERT(opened && opened->status == status && std::ranges::equal(opened->data, text));
  sent[in[0] * std::size_t{251} % sent.size()] ^= static_cast<std::uint8_t>(1U << (in[1] % 8));
  SMGW_ASSERT(!other.terminal.unwrap({sent, status}));
}

/// A card that answers PACE with anything: u16 length ‖ answer, again and again.
void fuzz_pace(bytes_view in) {
  const auto keys = pace(
      [&](const command&) -> expected<response> {
        const auto size = take_be<std::uint16_t>(in);
        if (!size) return std::unexpected(size.error());
        const auto answer = take(in, *size);
        if (!answer) return std::unexpected(answer.error());
        return decode_response(*answer);
      },
      secret{as_bytes("4711081547")});
  SMGW_ASSERT(!keys);  // nobody without the PIN gets through
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bytes_view in{data + 1, size - 1};
  switch (data[0] % 7) {
    case 0: fuzz_command(in); break;
    case 1: fuzz_response(in); break;
    case 2: fuzz_objects(in); break;
    case 3: fuzz_files(in); break;
    case 4: fuzz_unwrap(in); break;
    case 5: fuzz_protected(in); break;
    default: fuzz_pace(in); break;
  }
  return 0;
}
