// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/forms.hpp"
#include "domain/profile/parts.hpp"

#include <algorithm>

namespace smgw::profile {
namespace {

using std::chrono::seconds;

constexpr std::pair<std::string_view, han_role> roles[] = {
    {"consumer", han_role::consumer}, {"technician", han_role::technician}, {"cls", han_role::cls}};
constexpr std::string_view file_form = "a file name without folders that ends in .pem, .crt, .cer or .der";
constexpr std::int64_t two_days = 172'800;

std::string read_certificate(object_reader& in, std::string_view name, presence p) {
  return in.matching(name, p, forms::is_certificate_file, file_form);
}

}  // namespace

han read_han(object_reader& in) {
  constexpr std::string_view words = "letters, digits, '.', '_', '-'";
  han h;
  h.id = in.matching("id", presence::required, forms::is_identifier, words);
  h.role = in.word<han_role>("role", std::nullopt, roles);
  h.certificate = read_certificate(in, "certificate", presence::optional);
  h.user = in.matching("user", presence::optional, forms::is_identifier, words);
  h.password_file = in.matching("password_file", presence::optional, forms::is_identifier, words);
  h.consumer = in.matching("consumer", h.role == han_role::consumer ? presence::required : presence::optional,
                           forms::is_identifier, words);
  h.idle_limit = seconds{in.integer("idle_limit_s", 600, 10, 600)};
  h.session_limit = seconds{in.integer("session_limit_s", two_days, 60, two_days)};
  const bool by_password = in.has("user") || in.has("password_file");
  if (by_password == in.has("certificate"))
    in.to().add(in.pointer(), "a party is known by its certificate or by user and password",
                by_password ? "Remove one of the two" : "Add 'certificate', or 'user' and 'password_file'");
  if (in.has("user") != in.has("password_file"))
    in.to().add(in.pointer(), "user and password belong together", "Add the other one");
  if (h.role != han_role::consumer) {
    // Technicians and controllable systems have certificates only (scenario HKS.WS1).
    if (by_password) in.add("user", "only consumers log in with a password", "Use a certificate");
    if (in.has("consumer")) in.add("consumer", "only consumers see a consumer's data", "Remove it");
  }
  in.finish();
  return h;
}

time read_time(object_reader& in) {
  time t;
  if (auto server = in.parsed<endpoint>("server", presence::required, forms::read_endpoint, "host:port"))
    t.server = *std::move(server);
  t.tls_sni = in.matching("tls_sni", presence::optional, forms::is_host, "a DNS name");
  t.tls_certificate = read_certificate(in, "tls_certificate", presence::required);
  t.poll = seconds{in.integer("poll_s", 3600, 60, 86'400)};
  t.maximum_step = seconds{in.integer("maximum_step_s", 1000, 1, 1000)};
  t.maximum_round_trip = std::chrono::milliseconds{in.integer("maximum_round_trip_ms", 9000, 100, 9000)};
  t.limit_percent = static_cast<unsigned>(in.integer("limit_percent", 3, 1, 3));
  in.finish();
  return t;
}

}  // namespace smgw::profile
