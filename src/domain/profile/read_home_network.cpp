// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/forms.hpp"
#include "domain/profile/parts.hpp"

#include <algorithm>

namespace smgw::profile {
namespace {

constexpr std::pair<std::string_view, dialect> dialects[] = {
    {"theben", dialect::theben}, {"emh", dialect::emh}, {"trudi", dialect::trudi}, {"ppc", dialect::ppc}};

}  // namespace

home_network read_home_network(object_reader& in) {
  home_network h;
  if (auto listen = in.parsed<endpoint>("listen", presence::required, forms::read_endpoint, "address:port"))
    h.listen = *std::move(listen);
  h.proxy = in.parsed<endpoint>("proxy_listen", presence::optional, forms::read_endpoint, "address:port");
  h.time = in.parsed<endpoint>("time_listen", presence::optional, forms::read_endpoint, "address:port");
  in.each("dialects", presence::optional, std::size(dialects), [&](const json::value& v, const std::string& at) {
    const auto known = std::ranges::find(dialects, std::string_view{v.text}, [](const auto& d) { return d.first; });
    if (v.kind == json::kind::text && known != std::end(dialects))
      h.dialects.insert(known->second);
    else
      in.to().add(at, "not a dialect", "Use theben, emh, trudi or ppc");
  });
  h.md5 = in.flag("md5", false);
  h.lenient_digest = in.flag("lenient_digest", false);
  h.connections = static_cast<unsigned>(in.integer("connections", h.connections, 1, 512));
  h.proxy_connections =
      static_cast<unsigned>(in.integer("proxy_connections", h.proxy_connections, 1, max_proxy_connections));
  h.mdns = in.flag("mdns", true);
  in.finish();
  return h;
}

}  // namespace smgw::profile
