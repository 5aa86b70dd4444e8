// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Octets to one message: llhttp knows the syntax, and stays behind this header. Inner use of the parser.

#include "protocols/http/incoming.hpp"

namespace smgw::http {

class message_reader {
 public:
  message_reader(incoming_message::kind what, const limits& bounds);
  ~message_reader();
  message_reader(const message_reader&) = delete;
  message_reader& operator=(const message_reader&) = delete;

  /// Back to the start of a message.
  void restart();
  /// Reads until the message is complete or `in` is used up; advances `in`.
  [[nodiscard]] outcome<void> read(bytes_view& in);
  /// The peer closed: a response may be complete by that.
  [[nodiscard]] outcome<void> finish();

  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] bool started() const noexcept { return started_; }
  [[nodiscard]] bool awaits_body() const noexcept {
    return message.header_done() && !complete_ && message.body.empty();
  }
  void expect_no_body(bool none) noexcept { no_body_ = none; }

  incoming_message message;
  bool keep_alive = false;  ///< once it is complete

 private:
  struct syntax;
  bool check_blanks(bytes_view piece) noexcept;
  [[nodiscard]] refusal why(int code, bytes_view piece) const;

  std::unique_ptr<syntax> syntax_;
  std::size_t octets_ = 0;  ///< read of this message, on the wire
  int interim_ = 0;
  int blanks_ = 0;
  std::uint8_t previous_ = 0;
  bool line_ended_ = false;
  bool started_ = false;
  bool complete_ = false;
  bool no_body_ = false;
};

}  // namespace smgw::http
