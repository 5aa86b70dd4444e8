// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/access/firewall.hpp"

#include "base/check.hpp"
#include "domain/access/flow.hpp"

#include <algorithm>
#include <set>

namespace smgw::access {
namespace {

bool is_plain(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || c == ':' || c == '%';
  });
}

/// Whom a service leads to, by the profiles.
std::vector<profile::endpoint> peers_of(const profile::profile_set& set, service what) {
  std::vector<profile::endpoint> out;
  for (const auto& w : set.wans) {
    const bool administrator = w.role == profile::wan_role::administrator;
    if (administrator && what == service::management) out.push_back(w.peer);
    if (administrator && what == service::admin_service && w.service) out.push_back(*w.service);
    if (!administrator && what == service::info_report) out.push_back(w.peer);
  }
  if (what == service::time_sync && set.time) out.push_back(set.time->server);
  if (what == service::proxy_remote)
    for (const auto& p : set.proxies) out.insert(out.end(), p.wan_peer_addresses.begin(), p.wan_peer_addresses.end());
  return out;
}

/// Rules in their order, none twice.
class chain {
 public:
  void add(std::string rule, std::string_view why) {
    if (seen_.insert(rule).second) text_ += "    " + rule + " comment \"" + std::string(why) + "\"\n";
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::set<std::string> seen_;
  std::string text_;
};

std::string daddr(const std::string& host) { return (host.find(':') != host.npos ? "ip6 daddr " : "ip daddr ") + host; }

std::string accept_tcp(std::uint16_t port) { return "tcp dport " + std::to_string(port) + " ct state new accept"; }

void wan_rules(const profile::profile_set& set, const flow& f, const machine& on, chain& in, chain& out) {
  const auto name = to_string(f.what);
  if (f.to != party::gateway) {
    for (const auto& to : peers_of(set, f.what))
      out.add("oifname \"" + on.wan + "\" " + daddr(to.host) + " " + accept_tcp(to.port), name);
    return;
  }
  const auto* w = set.administrator();
  if (w == nullptr || w->wake_up_port == 0) return;
  const auto from = "iifname \"" + on.wan + "\" ";
  const auto port = std::to_string(w->wake_up_port);
  in.add(from + "udp dport " + port + " limit rate 200/second burst 50 packets accept", name);
  if (w->wake_up_tcp) in.add(from + "tcp dport " + port + " ct state new limit rate 10/second accept", name);
}

void han_rules(const profile::profile_set& set, const flow& f, const machine& on, chain& in, chain& out) {
  const auto name = to_string(f.what);
  const auto from = "iifname \"" + on.han + "\" ";
  const auto to = "oifname \"" + on.han + "\" ";
  if (f.what == service::home_web && on.home_port != 0) in.add(from + accept_tcp(on.home_port), name);
  if (f.what == service::proxy_local && on.proxy_port != 0) {
    if (f.to == party::gateway) in.add(from + accept_tcp(on.proxy_port), name);
    // The gateway's own leg to a controllable system stays on the link.
    if (f.from == party::gateway) out.add(to + "meta l4proto tcp ct state new accept", name);
  }
  if (f.what != service::discovery || !set.self.home || !set.self.home->mdns) return;
  in.add(from + "udp dport 5353 ip daddr 224.0.0.251 accept", name);
  in.add(from + "udp dport 5353 ip6 daddr ff02::fb accept", name);
  out.add(to + "udp dport 5353 ip daddr 224.0.0.251 accept", name);
  out.add(to + "udp dport 5353 ip6 daddr ff02::fb accept", name);
  // Direct answers: to our own questions, and of ours to whoever asked for one (RFC 6762, 5.4, 6.7). Nobody tracks them
  // as replies, for the question went to the group.
  in.add(from + "udp sport 5353 udp dport 5353 accept", name);
  out.add(to + "udp sport 5353 accept", name);
}

expected<void> check(const profile::profile_set& set, const machine& on) {
  constexpr std::size_t longest_interface = 15;
  for (const auto* name : {&on.wan, &on.han})
    if (!is_plain(*name, longest_interface)) return fail(errc::malformed, "not the name of an interface: " + *name);
  if (on.wan == on.han) return fail(errc::malformed, "WAN and home network are two interfaces, never one: " + on.wan);
  for (const auto& r : on.resolvers)
    if (!is_plain(r, 64)) return fail(errc::malformed, "not an address: " + r);
  for (const auto& f : flows())
    for (const auto& to : peers_of(set, f.what))
      if (!is_plain(to.host, 255)) return fail(errc::malformed, "not a host: " + to.host);
  return {};
}

}  // namespace

expected<std::string> nftables(const profile::profile_set& set, const machine& on) {
  SMGW_CHECK(check(set, on));
  chain in, out;
  for (const auto& f : flows()) {
    if (f.where == network::wan) wan_rules(set, f, on, in, out);
    if (f.where == network::han) han_rules(set, f, on, in, out);
  }
  for (const auto& r : on.resolvers) {
    out.add("oifname \"" + on.wan + "\" " + daddr(r) + " udp dport 53 accept", "names");
    out.add("oifname \"" + on.wan + "\" " + daddr(r) + " tcp dport 53 accept", "names");
  }
  const std::string neighbours =
      "    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept\n";
  return "# Made by `smgw firewall`. Load with: nft -f FILE\n"
         "table inet smgw\n"
         "delete table inet smgw\n"
         "table inet smgw {\n"
         "  chain input {\n"
         "    type filter hook input priority 0; policy drop;\n"
         "    iif \"lo\" accept\n"
         "    ct state established,related accept\n"
         "    ct state invalid drop\n" +
         neighbours + in.text() +
         "  }\n"
         "  chain output {\n"
         "    type filter hook output priority 0; policy drop;\n"
         "    oif \"lo\" accept\n"
         "    ct state established,related accept\n" +
         neighbours + out.text() +
         "  }\n"
         "  chain forward {\n"
         "    type filter hook forward priority 0; policy drop;\n"
         "  }\n"
         "}\n";
}

}  // namespace smgw::access
