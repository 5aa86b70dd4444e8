// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The same TLS 1.2 handshake by the openssl program: s_time against s_server over the loopback, both with
/// certificates.

#include "crypto/curve.hpp"

#include <sys/resource.h>

#include <cstdio>
#include <string>

namespace smgw::bench {

/// Handshakes per second that passed, and per second of processor time of both ends together (user time only: what the
/// sockets cost is not counted). 0 where the program is missing.
struct openssl_rate {
  double wall = 0, processor = 0;
};

inline double children_user_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) + static_cast<double>(usage.ru_utime.tv_usec) / 1e6;
}

inline openssl_rate openssl_handshakes(crypto::curve on, bool resumed = false) {
  const std::string name{to_string(on)};
  const std::string suite = "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 ";
  const auto script =
      "command -v openssl >/dev/null || exit 1; d=$(mktemp -d); cd $d || exit 1; "
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:" +
      (on == crypto::curve::secp256r1 ? "prime256v1" : name) +
      " -nodes -keyout k -out c -subj /CN=x -days 2 -addext keyUsage=critical,digitalSignature 2>/dev/null; "
      // s_time has no option for groups, and those it offers by itself are without Brainpool
      "printf \"openssl_conf = a\\n[a]\\nssl_conf = b\\n[b]\\nsystem_default = c\\n[c]\\nGroups = " +
      name +
      "\\n\" >conf; export OPENSSL_CONF=$PWD/conf; "
      "openssl s_server -accept 127.0.0.1:0 -cert c -key k -CAfile c -Verify 1 -partial_chain " +
      suite + (resumed ? "-no_ticket " : "-no_cache -no_ticket ") +
      "-www >log 2>&1 & p=$!; "
      "for i in 1 2 3 4 5 6 7 8 9; do grep -q ACCEPT log && break; sleep 0.1; done; "
      "a=$(sed -n \"s/^ACCEPT \\(.*\\)/\\1/p\" log | head -1); "
      "openssl s_time -connect $a -time 1 -cert c -key k -CAfile c " +
      (resumed ? "-reuse " : "-new ") + suite +
      "2>&1 | sed -n \"s/^\\([0-9]*\\) connections in \\([0-9]*\\) real.*/\\1 \\2/p\"; "
      "kill $p; wait $p 2>/dev/null; cd /; rm -rf $d";
  const auto before = children_user_seconds();
  std::FILE* pipe = ::popen(script.c_str(), "r");
  if (pipe == nullptr) return {};
  double connections = 0, seconds = 0;
  const int read = std::fscanf(pipe, "%lf %lf", &connections, &seconds);
  ::pclose(pipe);
  const auto used = children_user_seconds() - before;
  if (read != 2 || seconds <= 0 || used <= 0) return {};
  return {connections / seconds, connections / used};
}

}  // namespace smgw::bench
