// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What a stranger may send to either end of a TLS session: no crash, no acceptance, no ephemeral key left behind.
#include "base/check.hpp"
#include "crypto/pki.hpp"
#include "crypto/soft_key_store.hpp"
#include "crypto/tls.hpp"

using namespace smgw;
using namespace smgw::crypto;

namespace {

constexpr timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

struct world {
  std::shared_ptr<soft_key_store> keys = soft_key_store::in_memory();
  std::vector<certificate> chain;
  explicit world(curve on) {
    SMGW_ASSERT(keys->generate("k", on, key_purpose::lmn));
    self_signed_order order{};
    order.subject.common_name = "1emh0010482201.sm";
    order.not_before = now;
    order.not_after = now + std::chrono::days{365};
    auto made = make_self_signed(*keys, "k", order);
    SMGW_ASSERT(made);
    chain = {*std::move(made)};
  }
  [[nodiscard]] tls_session open(bool server) const {
    tls_config c;
    c.role = server ? tls_role::server : tls_role::client;
    c.interface = tls_interface::lmn;
    c.identity = tls_identity{.keys = keys, .label = "k", .chain = chain};
    c.peer.pinned = chain;
    auto made = tls_session::create(std::move(c));
    SMGW_ASSERT(made);
    return *std::move(made);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const world brainpool{curve::brainpool_p256r1}, nist{curve::secp256r1};
  if (size < 2) return 0;
  // The first octet chooses who listens, the second how the rest is cut.
  const auto& w = (data[0] & 1) != 0 ? nist : brainpool;
  const std::size_t piece = data[1] == 0 ? size : data[1];
  {
    auto session = w.open((data[0] & 2) == 0);
    SMGW_ASSERT(session.start(now));
    for (bytes_view rest{data + 2, size - 2}; !rest.empty() && !session.over();) {
      const auto part = rest.first(std::min(piece, rest.size()));
      rest = rest.subspan(part.size());
      const auto out = session.feed(part, now);
      SMGW_ASSERT(out);
      SMGW_ASSERT(out->plaintext.empty() && !out->handshake_done);
    }
    SMGW_ASSERT(!session.established());
  }
  SMGW_ASSERT(w.keys->counters().ephemerals_alive == 0);
  return 0;
}
