// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/codec.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::store {

namespace {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

void put_time(bytes& out, timestamp t) { put_be(out, static_cast<std::uint64_t>(t.time_since_epoch().count())); }
expected<timestamp> take_time(bytes_view& in) {
  SMGW_TRY(const auto n, take_be<std::uint64_t>(in));
  return timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(n)}};
}

void put_block(bytes& out, bytes_view data) {
  put_be(out, static_cast<std::uint32_t>(data.size()));
  put(out, data);
}
void put_block(bytes& out, std::string_view text) { put_block(out, as_bytes(text)); }
expected<bytes_view> take_block(bytes_view& in) {
  SMGW_TRY(const auto n, take_be<std::uint32_t>(in));
  return take(in, n);
}
expected<std::string> take_text(bytes_view& in) {
  SMGW_TRY(const auto data, take_block(in));
  return std::string(as_text(data));
}
expected<bytes> take_bytes(bytes_view& in) {
  SMGW_TRY(const auto data, take_block(in));
  return bytes(data.begin(), data.end());
}

void put_device(bytes& out, const device_id& id) { put(out, id.text()); }
expected<device_id> take_device(bytes_view& in) {
  SMGW_TRY(const auto text, take(in, device_id{}.text().size()));
  return device_id::parse(as_text(text));
}
expected<obis> take_obis(bytes_view& in) {
  obis o;
  SMGW_TRY(const auto code, take(in, o.code.size()));
  std::ranges::copy(code, o.code.begin());
  return o;
}
expected<void> ends(bytes_view in) {
  if (!in.empty()) return fail(errc::malformed, "store: octets behind the end of a cell");
  return {};
}

}  // namespace

void put_sorted(bytes& out, timestamp t) {
  put_be(out, static_cast<std::uint64_t>(t.time_since_epoch().count()) ^ sign_bit);
}
expected<timestamp> take_sorted(bytes_view& in) {
  SMGW_TRY(const auto n, take_be<std::uint64_t>(in));
  return timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(n ^ sign_bit)}};
}

bytes row_key(const hidden_name& name) { return {name.begin(), name.end()}; }
bytes row_key(const hidden_name& name, std::uint64_t number) {
  auto key = row_key(name);
  put_be(key, number);
  return key;
}
bytes row_key(const hidden_name& name, timestamp at) {
  auto key = row_key(name);
  put_sorted(key, at);
  return key;
}
bytes row_key(std::uint64_t number) {
  bytes key;
  put_be(key, number);
  return key;
}
bytes after_rows(const hidden_name& name) {
  auto key = row_key(name);
  key.insert(key.end(), 9, 0xff);  // longer and not smaller than any row of this name
  return key;
}

bytes encode(const list_name& list) {
  bytes out;
  put_device(out, list.meter);
  put(out, list.register_name.code);
  put_be(out, static_cast<std::uint64_t>(list.period.count()));
  return out;
}
expected<list_name> decode_list(bytes_view in) {
  list_name list;
  SMGW_TRY(list.meter, take_device(in));
  SMGW_TRY(list.register_name, take_obis(in));
  SMGW_TRY(const auto seconds, take_be<std::uint64_t>(in));
  list.period = std::chrono::seconds{static_cast<std::int64_t>(seconds)};
  SMGW_CHECK(ends(in));
  return list;
}

bytes encode(std::chrono::seconds period, const list_entry& e) {
  bytes out;
  out.reserve(96 + e.signature.size());
  put_be(out, static_cast<std::uint64_t>(period.count()));
  put_time(out, e.target);
  put_device(out, e.value.meter);
  put(out, e.value.register_name.code);
  put_be(out, static_cast<std::uint64_t>(e.value.value.value));
  put_be(out, static_cast<std::uint8_t>(e.value.value.scaler));
  put_be(out, static_cast<std::uint8_t>(e.value.measured));
  put_time(out, e.value.captured);
  put_be(out, e.value.status.smgw);
  put_be(out, e.value.status.meter);
  put_block(out, e.signature);
  return out;
}
expected<stored_entry> decode_entry(bytes_view in) {
  stored_entry s;
  SMGW_TRY(const auto seconds, take_be<std::uint64_t>(in));
  s.period = std::chrono::seconds{static_cast<std::int64_t>(seconds)};
  auto& e = s.entry;
  SMGW_TRY(e.target, take_time(in));
  SMGW_TRY(e.value.meter, take_device(in));
  SMGW_TRY(e.value.register_name, take_obis(in));
  SMGW_TRY(const auto value, take_be<std::uint64_t>(in));
  SMGW_TRY(const auto scaler, take_be<std::uint8_t>(in));
  SMGW_TRY(const auto measured, take_be<std::uint8_t>(in));
  e.value.value = {static_cast<std::int64_t>(value), static_cast<std::int8_t>(scaler)};
  e.value.measured = static_cast<unit>(measured);
  SMGW_TRY(e.value.captured, take_time(in));
  SMGW_TRY(e.value.status.smgw, take_be<std::uint32_t>(in));
  SMGW_TRY(e.value.status.meter, take_be<std::uint32_t>(in));
  SMGW_TRY(e.signature, take_bytes(in));
  SMGW_CHECK(ends(in));
  return s;
}

bytes encode_state(std::string_view name, bytes_view value) {
  bytes out;
  put_block(out, name);
  put(out, value);
  return out;
}
expected<stored_state> decode_state(bytes_view in) {
  stored_state s;
  SMGW_TRY(s.name, take_text(in));
  s.value.assign(in.begin(), in.end());
  return s;
}

bytes encode_head(const outbox_entry& e, std::uint32_t content_size) {
  bytes out;
  put_be(out, e.sequence);
  put_be(out, content_size);
  put_be(out, e.attempts);
  put_time(out, e.next_try);
  put_be(out, static_cast<std::uint8_t>(e.set_aside ? 1 : 0));
  put_block(out, e.last_error);
  put_block(out, e.item.recipient);
  put_block(out, e.item.kind);
  put_time(out, e.item.created);
  put_time(out, e.item.not_before);
  put_be(out, e.item.priority);
  put_block(out, e.item.description);
  put_block(out, e.item.context);
  return out;
}
expected<stored_head> decode_head(bytes_view in) {
  stored_head s;
  auto& e = s.entry;
  SMGW_TRY(e.sequence, take_be<std::uint64_t>(in));
  SMGW_TRY(s.content_size, take_be<std::uint32_t>(in));
  SMGW_TRY(e.attempts, take_be<std::uint32_t>(in));
  SMGW_TRY(e.next_try, take_time(in));
  SMGW_TRY(const auto aside, take_be<std::uint8_t>(in));
  if (aside > 1) return fail(errc::malformed, "store: neither yes nor no");
  e.set_aside = aside == 1;
  SMGW_TRY(e.last_error, take_text(in));
  SMGW_TRY(e.item.recipient, take_text(in));
  SMGW_TRY(e.item.kind, take_text(in));
  SMGW_TRY(e.item.created, take_time(in));
  SMGW_TRY(e.item.not_before, take_time(in));
  SMGW_TRY(e.item.priority, take_be<std::uint8_t>(in));
  SMGW_TRY(e.item.description, take_text(in));
  SMGW_TRY(e.item.context, take_bytes(in));
  SMGW_CHECK(ends(in));
  return s;
}

bytes encode_range(std::string_view log, const log_range& range) {
  bytes out;
  put_block(out, log);
  put_be(out, range.first);
  put_be(out, range.last);
  return out;
}
expected<stored_range> decode_range(bytes_view in) {
  stored_range s;
  SMGW_TRY(s.log, take_text(in));
  SMGW_TRY(s.range.first, take_be<std::uint64_t>(in));
  SMGW_TRY(s.range.last, take_be<std::uint64_t>(in));
  SMGW_CHECK(ends(in));
  return s;
}

bytes encode_profile(std::string_view name, std::uint32_t version, bytes_view json) {
  bytes out;
  put_block(out, name);
  put_be(out, version);
  put(out, json);
  return out;
}
expected<profile_blob> decode_profile(bytes_view in) {
  profile_blob p;
  SMGW_TRY(p.name, take_text(in));
  SMGW_TRY(p.version, take_be<std::uint32_t>(in));
  p.json.assign(in.begin(), in.end());
  return p;
}

bytes encode_number(std::uint64_t n) { return row_key(n); }
expected<std::uint64_t> decode_number(bytes_view in) {
  SMGW_TRY(const auto n, take_be<std::uint64_t>(in));
  SMGW_CHECK(ends(in));
  return n;
}

}  // namespace smgw::store
