// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "program.hpp"

#include <csignal>
#include <iostream>

namespace smgw::sim {

int complain(const error& e) {
  std::cerr << "smgw-sim: " << e.what << "\n";
  return 1;
}

void wait_for_signal() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  int got = 0;
  sigwait(&wanted, &got);
}

void block_signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace smgw::sim
