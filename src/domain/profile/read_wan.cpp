// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/forms.hpp"
#include "domain/profile/parts.hpp"

namespace smgw::profile {
namespace {

constexpr std::pair<std::string_view, wan_role> roles[] = {{"administrator", wan_role::administrator},
                                                           {"market_participant", wan_role::market_participant}};
constexpr std::pair<std::string_view, cms_suite> suites[] = {
    {"CMS_ECKAEG_AES_128_GCM", cms_suite::eckaeg_aes_128_gcm},
    {"CMS_ECKAEG_AES_128_CBCCMAC", cms_suite::eckaeg_aes_128_cbccmac}};
constexpr std::pair<std::string_view, body_format> formats[] = {{"cosem-xml", body_format::cosem_xml},
                                                                {"json", body_format::json}};

constexpr std::string_view file_form = "a file name without folders that ends in .pem, .crt, .cer or .der";

}  // namespace

std::optional<cms_suite> read_suite(object_reader& in) {
  if (!in.has("cms_suite")) return std::nullopt;
  return in.word<cms_suite>("cms_suite", cms_suite::eckaeg_aes_128_gcm, suites);
}

wan read_wan(object_reader& in) {
  wan w;
  w.id = in.matching("id", presence::required, forms::is_identifier, "letters, digits, '.', '_', '-'");
  w.role = in.word<wan_role>("role", std::nullopt, roles);
  if (auto peer = in.parsed<endpoint>("peer", presence::required, forms::read_endpoint, "host:port")) w.peer = *peer;
  w.tls_sni = in.matching("tls_sni", presence::optional, forms::is_host, "a DNS name");
  w.tls_certificate = in.matching("tls_certificate", presence::required, forms::is_certificate_file, file_form);
  w.signer_certificate = in.matching("signer_certificate", presence::optional, forms::is_certificate_file, file_form);
  w.encryption_certificate =
      in.matching("encryption_certificate", presence::optional, forms::is_certificate_file, file_form);
  if (const auto prefix = in.matching("uri_prefix", presence::optional, forms::is_uri_prefix, "a path like /smgw/");
      !prefix.empty())
    w.uri_prefix = prefix;
  w.http_timeout = std::chrono::seconds{in.integer("http_timeout_s", 20, 1, 300)};
  in.object("retry", presence::optional, [&](object_reader& r) {
    w.retry.first = std::chrono::milliseconds{r.integer("first_ms", 5000, 10, 3'600'000)};
    w.retry.limit = std::chrono::seconds{r.integer("limit_s", 1800, 1, 86'400)};
    if (w.retry.limit < w.retry.first) r.add("limit_s", "less than the first wait", "Use a longer limit");
  });
  w.suite = read_suite(in).value_or(w.suite);
  w.compress = in.flag("compress", true);
  w.format = in.word<body_format>("body_format", body_format::cosem_xml, formats);
  w.through_administrator = in.flag("through_administrator", false);
  if (w.through_administrator && w.role == wan_role::administrator)
    in.add("through_administrator", "the administrator is reached directly", "Remove it");
  w.wake_up_port = static_cast<std::uint16_t>(in.integer("wake_up_port", 0, 0, 65'535));
  w.wake_up_tcp = in.flag("wake_up_tcp", false);
  w.service = in.parsed<endpoint>("service", presence::optional, forms::read_endpoint, "host:port");
  w.wake_up_window = std::chrono::seconds{in.integer("wake_up_window_s", 30, 1, 600)};
  if (w.role != wan_role::administrator) {
    for (const auto* name : {"wake_up_port", "wake_up_window_s", "wake_up_tcp"})
      if (in.has(name)) in.add(name, "only the administrator wakes the gateway", "Remove it");
    if (in.has("service")) in.add("service", "only the administrator offers services", "Remove it");
    if (in.has("id") && !in.has("encryption_certificate"))
      in.add("encryption_certificate", "values for a market participant are encrypted", "Name its ENC certificate");
  } else if (!in.has("signer_certificate")) {
    // wake-ups and commands are signed with the key of GWA_WAN_SIG_CRT (REQ.WakeUp.Datenstruktur.20)
    in.add("signer_certificate", "what the administrator sends is signed", "Name its SIG certificate");
  }
  in.finish();
  return w;
}

}  // namespace smgw::profile
