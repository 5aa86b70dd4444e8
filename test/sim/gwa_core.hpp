// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What an administrator and its gateways share; of gwa.cpp and managed_gateway.cpp.

#include "gwa.hpp"
#include "https_server.hpp"
#include "switchboard.hpp"

#include <deque>
#include <mutex>

namespace smgw::sim {

struct gwa_core {
  static constexpr std::size_t max_messages = 1000;

  /// What one gateway sent.
  struct mailbox {
    std::deque<gateway_message> messages;
    bool refuses = false;
  };

  gwa_options options;
  std::shared_ptr<const fleet> gateways;
  mutable std::mutex guard;
  std::vector<mailbox> boxes;  ///< guarded; by place in the fleet
  std::unique_ptr<switchboard> lines;
  std::unique_ptr<https_server> services;

  void say(const std::string& text) const {
    if (options.say) options.say(text);
  }
  served serve(const http::request& request, const crypto::certificate& from);
  http::response serve_file(const http::request& request) const;
  void keep(std::size_t place, gateway_message m);
};

}  // namespace smgw::sim
