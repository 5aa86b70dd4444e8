// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/apdu.hpp"

#include "base/check.hpp"
#include "protocols/dlms/length.hpp"

#include <algorithm>

namespace smgw::dlms {
namespace {

constexpr std::uint8_t octet_string_tag = 0x09;
constexpr std::uint8_t date_time_tag = 0x19;

std::optional<date_time> time_of(bytes_view octets) {
  if (octets.empty()) return std::nullopt;
  auto time = read_date_time(octets);
  return time ? std::optional{*time} : std::nullopt;
}

expected<bytes_view> take_counted(bytes_view& in) {
  std::size_t size = 0;
  if (!take_length(in, size)) return fail(errc::truncated, "APDU is cut off");
  return take(in, size);
}

expected<apdu> read_notification(bytes_view in) {
  notification n;
  SMGW_TRY(n.long_invoke_id, take_be<std::uint32_t>(in));
  const bool date_time_type = !in.empty() && in[0] == date_time_tag;
  const bool octet_string = in.size() > 1 && in[0] == octet_string_tag && in[1] == date_time_size;
  n.tagged_time = date_time_type || octet_string;
  if (n.tagged_time) in = in.subspan(1);
  SMGW_TRY(n.time_octets, date_time_type ? take(in, date_time_size) : take_counted(in));
  if (!n.time_octets.empty() && n.time_octets.size() != date_time_size)
    return fail(errc::malformed, "time of a data-notification has not 12 octets");
  n.time = time_of(n.time_octets);
  if (in.empty()) return fail(errc::truncated, "data-notification without a body");
  n.body = in;
  return n;
}

expected<apdu> read_event(bytes_view in) {
  event_notification n;
  SMGW_TRY(const auto has_time, take_be<std::uint8_t>(in));
  if (has_time > 1) return fail(errc::malformed, "event-notification with a broken option");
  if (has_time == 1) {
    SMGW_TRY(n.time_octets, take_counted(in));
    if (n.time_octets.size() != date_time_size)
      return fail(errc::malformed, "time of an event-notification has not 12 octets");
  }
  n.time = time_of(n.time_octets);
  SMGW_TRY(n.class_id, take_be<std::uint16_t>(in));
  SMGW_TRY(const auto name, take(in, n.instance.code.size()));
  std::copy(name.begin(), name.end(), n.instance.code.begin());
  SMGW_TRY(const auto attribute, take_be<std::uint8_t>(in));
  n.attribute = static_cast<std::int8_t>(attribute);
  if (in.empty()) return fail(errc::truncated, "event-notification without a value");
  n.body = in;
  return n;
}

// transaction-id, originator- and recipient-system-title, date-time, other-information, then how the key is known.
expected<void> take_general_header(bytes_view& in, ciphered& c) {
  const auto whole = in;
  constexpr int fields = 5;
  for (int i = 0; i < fields; ++i) {
    SMGW_TRY(const auto field, take_counted(in));
    if (i == 1) c.system_title = field;
  }
  c.header = whole.first(whole.size() - in.size());
  SMGW_TRY(const auto has_key_info, take_be<std::uint8_t>(in));
  if (has_key_info == 0) return {};
  // identified-key [0]: the global unicast or broadcast key, as security control says, too.
  SMGW_TRY(const auto kind, take_be<std::uint16_t>(in));
  if (has_key_info != 1 || kind > 1)
    return fail(errc::unsupported, "general-ciphering with a wrapped or an agreed key");
  return {};
}

expected<apdu> read_ciphered(apdu_tag tag, bytes_view in) {
  ciphered c;
  c.tag = tag;
  if (tag == apdu_tag::general_ciphering) SMGW_CHECK(take_general_header(in, c));
  if (tag == apdu_tag::general_glo_ciphering || tag == apdu_tag::general_ded_ciphering) {
    SMGW_TRY(c.system_title, take_counted(in));
  }
  if (!c.system_title.empty() && c.system_title.size() != system_title_size)
    return fail(errc::malformed, "system title has not 8 octets");
  SMGW_TRY(auto content, take_counted(in));
  if (!in.empty()) return fail(errc::malformed, "octets behind a ciphered APDU");
  SMGW_TRY(c.security_control, take_be<std::uint8_t>(content));
  SMGW_TRY(c.counter, take_be<std::uint32_t>(content));
  c.payload = content;
  if (c.authenticated() && c.payload.size() < tag_size) return fail(errc::truncated, "ciphered APDU without its tag");
  return c;
}

expected<apdu> read_block(bytes_view in) {
  block b;
  SMGW_TRY(const auto control, take_be<std::uint8_t>(in));
  b.last = (control & 0x80) != 0;
  b.streaming = (control & 0x40) != 0;
  b.window = control & 0x3F;
  SMGW_TRY(b.number, take_be<std::uint16_t>(in));
  SMGW_TRY(b.acknowledged, take_be<std::uint16_t>(in));
  SMGW_TRY(b.data, take_counted(in));
  if (!in.empty()) return fail(errc::malformed, "octets behind a block");
  return b;
}

}  // namespace

expected<apdu> read_apdu(bytes_view in) {
  if (in.empty()) return fail(errc::truncated, "no APDU");
  const auto tag = static_cast<apdu_tag>(in[0]);
  in = in.subspan(1);
  switch (tag) {
    case apdu_tag::data_notification: return read_notification(in);
    case apdu_tag::event_notification: return read_event(in);
    case apdu_tag::glo_event_notification:
    case apdu_tag::ded_event_notification:
    case apdu_tag::general_glo_ciphering:
    case apdu_tag::general_ded_ciphering:
    case apdu_tag::general_ciphering: return read_ciphered(tag, in);
    case apdu_tag::general_signing: return fail(errc::unsupported, "general-signing is not offered");
    case apdu_tag::general_block_transfer: return read_block(in);
  }
  return fail(errc::unsupported, "no APDU that a meter pushes");
}

void put_notification(bytes& out, std::uint32_t long_invoke_id, const std::optional<date_time>& time, bytes_view body,
                      bool tagged_time) {
  out.push_back(static_cast<std::uint8_t>(apdu_tag::data_notification));
  put_be(out, long_invoke_id);
  if (time && tagged_time) out.push_back(octet_string_tag);
  out.push_back(time ? std::uint8_t{date_time_size} : std::uint8_t{0});
  if (time) put(out, to_octets(*time));
  put(out, body);
}

void put_event_notification(bytes& out, const std::optional<date_time>& time, std::uint16_t class_id,
                            const obis& instance, std::int8_t attribute, bytes_view body) {
  out.push_back(static_cast<std::uint8_t>(apdu_tag::event_notification));
  out.push_back(time ? 1 : 0);
  if (time) {
    out.push_back(date_time_size);
    put(out, to_octets(*time));
  }
  put_be(out, class_id);
  put(out, instance.code);
  out.push_back(static_cast<std::uint8_t>(attribute));
  put(out, body);
}

void put_ciphered(bytes& out, const ciphered& c) {
  out.push_back(static_cast<std::uint8_t>(c.tag));
  if (c.tag == apdu_tag::general_glo_ciphering || c.tag == apdu_tag::general_ded_ciphering) {
    put_length(out, c.system_title.size());
    put(out, c.system_title);
  }
  if (c.tag == apdu_tag::general_ciphering) {
    put(out, c.header);
    out.push_back(0);  // no key-info
  }
  put_length(out, 5 + c.payload.size());
  out.push_back(c.security_control);
  put_be(out, c.counter);
  put(out, c.payload);
}

void put_block(bytes& out, const block& b) {
  out.push_back(static_cast<std::uint8_t>(apdu_tag::general_block_transfer));
  out.push_back(static_cast<std::uint8_t>((b.last ? 0x80 : 0) | (b.streaming ? 0x40 : 0) | (b.window & 0x3F)));
  put_be(out, b.number);
  put_be(out, b.acknowledged);
  put_length(out, b.data.size());
  put(out, b.data);
}

}  // namespace smgw::dlms
