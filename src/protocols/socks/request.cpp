// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/socks/request.hpp"

#include "base/octets.hpp"

#include <algorithm>
#include <format>

namespace smgw::socks {
namespace {

constexpr std::uint8_t command_connect = 1;
constexpr std::uint8_t type_ipv4 = 1, type_name = 3, type_ipv6 = 4;
constexpr std::size_t port_size = 2, fixed = 4;
constexpr std::size_t reply_size = 10;

/// No folding of case: an upper-case letter is refused (REQ.TA.SOCKSTLS.Connect.35).
bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= max_name && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

template <std::size_t N>
std::array<std::uint8_t, N> address(bytes_view in) {
  std::array<std::uint8_t, N> out{};
  std::copy_n(in.begin(), N, out.begin());
  return out;
}

std::unexpected<request_refusal> refuse(reply_code code, std::string why) {
  return std::unexpected{request_refusal{code, {errc::malformed, std::move(why)}}};
}

}  // namespace

std::string_view to_string(reply_code c) noexcept {
  switch (c) {
    case reply_code::connected: return "connected";
    case reply_code::general_failure: return "general failure";
    case reply_code::no_profile: return "no proxy profile";
    case reply_code::unreachable: return "market participant not reachable";
    case reply_code::refused: return "market participant refuses";
    case reply_code::no_such_command: return "only CONNECT";
    case reply_code::no_such_address_type: return "address type";
  }
  return "unknown";
}

expected<std::optional<greeting>> read_greeting(bytes_view in) {
  if (!in.empty() && in[0] != version) return fail(errc::malformed, "SOCKS: version");
  if (in.size() < 2) return std::nullopt;
  const std::size_t count = in[1];
  if (in.size() < 2 + count) return std::nullopt;
  const auto methods = in.subspan(2, count);
  greeting g;
  g.used = 2 + count;
  // Any other proposal ends it: a client that would also go without TLS is not one of ours.
  g.accepted = count == 1 && methods[0] == method_tls;
  g.answer = {version, g.accepted ? method_tls : no_method};
  return g;
}

std::expected<std::optional<connect_request>, request_refusal> read_request(bytes_view in) {
  if (!in.empty() && in[0] != version) return refuse(reply_code::general_failure, "SOCKS: version");
  if (in.size() > 1 && in[1] != command_connect) return refuse(reply_code::no_such_command, "SOCKS: only CONNECT");
  if (in.size() > 2 && in[2] != 0) return refuse(reply_code::general_failure, "SOCKS: reserved octet");
  if (in.size() < fixed + 1) return std::nullopt;
  const auto type = in[3];
  const std::size_t length = type == type_name ? 1U + in[4] : type == type_ipv4 ? 4U : type == type_ipv6 ? 16U : 0U;
  if (length == 0) return refuse(reply_code::no_such_address_type, "SOCKS: address type");
  if (in.size() < fixed + length + port_size) return std::nullopt;
  connect_request r;
  const auto where = in.subspan(fixed, length);
  if (type == type_name) {
    const auto name = as_text(where.subspan(1));
    if (!is_name(name))
      return refuse(reply_code::no_profile, "SOCKS: not a name of 1 to 63 small letters, digits, . and -");
    r.destination = std::string{name};
  } else if (type == type_ipv4) {
    r.destination = address<4>(where);
  } else {
    r.destination = address<16>(where);
  }
  r.port = load_be<std::uint16_t>(in.data() + fixed + length);
  r.used = fixed + length + port_size;
  return r;
}

std::string to_text(const connect_request& r) {
  if (const auto* name = std::get_if<std::string>(&r.destination)) return *name;
  std::string out;
  if (const auto* v4 = std::get_if<ipv4>(&r.destination)) {
    out = std::format("{}.{}.{}.{}", (*v4)[0], (*v4)[1], (*v4)[2], (*v4)[3]);
  } else {
    const auto& v6 = std::get<ipv6>(r.destination);
    for (std::size_t i = 0; i < v6.size(); i += 2)
      out += std::format("{}{:x}", i == 0 ? "[" : ":", load_be<std::uint16_t>(v6.data() + i));
    out += "]";
  }
  return out + ":" + std::to_string(r.port);
}

bytes reply(reply_code code) { return {version, static_cast<std::uint8_t>(code), 0, type_ipv4, 0, 0, 0, 0, 0, 0}; }

bytes client_greeting() { return {version, 1, method_tls}; }

bytes client_request(std::string_view name) {
  bytes out{version, command_connect, 0, type_name, static_cast<std::uint8_t>(name.size())};
  put(out, name);
  put_be(out, std::uint16_t{0});
  return out;
}

expected<std::optional<reply_code>> read_reply(bytes_view in) {
  if (!in.empty() && in[0] != version) return fail(errc::malformed, "SOCKS: version");
  if (in.size() < reply_size) return std::nullopt;
  return static_cast<reply_code>(in[1]);
}

}  // namespace smgw::socks
