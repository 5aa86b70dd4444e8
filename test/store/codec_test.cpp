// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/codec.hpp"

#include "base/hex.hpp"
#include "store/fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::store;
using namespace smgw::store::testing;

namespace {
/// Every shorter form and every longer one is refused.
template <class Decode>
void refuses_other_lengths(const bytes& good, Decode decode) {
  for (std::size_t n = 0; n < good.size(); ++n) CHECK_FALSE(decode(bytes_view{good}.first(n)));
  auto longer = good;
  longer.push_back(0);
  CHECK(decode(longer).error().code == errc::malformed);
}
}  // namespace

TEST_CASE("an entry has one form on disk") {
  auto e = entry(1, -2);
  e.signature = {0xaa, 0xbb};
  const auto plain = encode(quarter, e);
  CHECK(to_hex(plain) ==
        "0000000000000384"              // period
        "0000019de0e383a0"              // target
        "31454d4830303030303030303031"  // meter
        "0100010800ff"                  // register
        "fffffffffffffffe"
        "ff"
        "1e"                // value, scaler, unit
        "0000019de0e38872"  // captured
        "00000005"
        "01020304"  // status words
        "00000002"
        "aabb");  // signature
  const auto back = *decode_entry(plain);
  CHECK(back.period == quarter);
  CHECK(back.entry == e);
  refuses_other_lengths(plain, [](bytes_view in) { return decode_entry(in); });
}

TEST_CASE("heads, names and ranges come back, and nothing else is taken for one") {
  outbox_entry head{7, item("emt", ""), 3, slot_time(5), "503", true};
  const auto plain = encode_head(head, 99);
  const auto back = *decode_head(plain);
  CHECK(back.content_size == 99);
  CHECK(back.entry.sequence == 7);
  CHECK(back.entry.item == head.item);
  CHECK(back.entry.attempts == 3);
  CHECK(back.entry.next_try == slot_time(5));
  CHECK(back.entry.last_error == "503");
  CHECK(back.entry.set_aside);
  refuses_other_lengths(plain, [](bytes_view in) { return decode_head(in); });
  auto maybe = plain;
  maybe[8 + 4 + 4 + 8] = 2;
  CHECK(decode_head(maybe).error().code == errc::malformed);

  CHECK(*decode_list(encode(list_of())) == list_of());
  refuses_other_lengths(encode(list_of()), [](bytes_view in) { return decode_list(in); });
  CHECK(decode_range(encode_range("system", {3, 9}))->range == log_range{3, 9});
  refuses_other_lengths(encode_range("system", {3, 9}), [](bytes_view in) { return decode_range(in); });
  refuses_other_lengths(encode_number(5), [](bytes_view in) { return decode_number(in); });
  CHECK(decode_state(encode_state("n", text("v")))->value == text("v"));
  CHECK(decode_profile(encode_profile("n", 4, text("v")))->version == 4);
}

TEST_CASE("row keys sort as their numbers and instants do") {
  const hidden_name name{1, 2, 3};
  using std::chrono::milliseconds;
  CHECK(row_key(name, timestamp::min()) < row_key(name, timestamp{milliseconds{-1}}));
  CHECK(row_key(name, timestamp{milliseconds{-1}}) < row_key(name, timestamp{milliseconds{0}}));
  CHECK(row_key(name, timestamp{milliseconds{255}}) < row_key(name, timestamp{milliseconds{256}}));
  CHECK(row_key(name, timestamp::max()) < after_rows(name));
  CHECK(row_key(name, std::uint64_t{255}) < row_key(name, std::uint64_t{256}));
  const hidden_name last{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  CHECK(row_key(last, ~std::uint64_t{0}) < after_rows(last));
}
