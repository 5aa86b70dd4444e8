// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Thousands of TLS connections in one thread, which sleeps while nobody says anything: what head-ends are made of.

#include "actors/io/streams.hpp"
#include "crypto/tls.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace smgw::sim {

/// One connection of a hub; never used again.
using line_id = std::uint64_t;

/// What happens on the lines of a hub, told by its thread.
class hub_user {
 public:
  virtual ~hub_user() = default;
  virtual void accepted() {}  ///< a TCP connection was taken
  virtual void opened(line_id line, const crypto::tls_summary& how) = 0;
  virtual void heard(line_id line, bytes plaintext) = 0;
  /// What came together with the peer's goodbye. It hears no answer (there is no half-close here), so a server lets it
  /// fall; a client takes the answer that it has waited for.
  virtual void last_words(line_id line, bytes plaintext) { (void)line, (void)plaintext; }
  virtual void tick(line_id line) = 0;  ///< the time is there that was asked for
  /// The line is gone; `why` is empty where it ended as agreed. Also for lines that were never opened.
  virtual void closed(line_id line, const std::string& why) = 0;
};

/// How a connection goes wrong.
struct line_fault {
  std::size_t reset_after = SIZE_MAX;   ///< octets that it has brought
  std::size_t finish_after = SIZE_MAX;  ///< octets that it was told; it is half closed, and still heard
};

struct hub_options {
  bool listens = true;  ///< false: this hub only has lines that were given to it
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;               ///< 0: any free one
  crypto::tls_config tls;               ///< of every connection that is taken
  std::function<line_fault()> fault{};  ///< of the next connection; empty: none
};

class tls_hub {
 public:
  /// Listens, and waits for `run`. unavailable: the port is not to be had.
  [[nodiscard]] static expected<std::unique_ptr<tls_hub>> open(hub_options options);
  /// Says goodbye on every line. Nothing is told any more once this returns.
  ~tls_hub();
  void run(hub_user& user);
  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::size_t lines() const noexcept;  ///< open ones, also those that still shake hands

  /// Does `work` in the hub's thread, from where the functions below may be called.
  void post(std::function<void()> work);

  /// A connection made by ourselves; it is told as `opened`, or `closed`.
  line_id add(io::descriptor fd, crypto::tls_config tls);
  void send(line_id line, bytes_view plaintext);
  /// Ends the line once all is sent.
  void close(line_id line);
  /// Asks for one `tick`, in the place of any asked for before.
  void wake(line_id line, std::optional<time_point> at);

 private:
  struct impl;
  explicit tls_hub(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::sim
