// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/leg.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace smgw::cls {

expected<leg> leg::create(io::descriptor fd, crypto::tls_config config, bool framed, timestamp now) {
  SMGW_TRY(auto session, crypto::tls_session::create(std::move(config)));
  leg made(std::move(fd), std::move(session), framed);
  bytes none;
  SMGW_CHECK(made.take(made.tls_.start(now), none));
  return made;
}

void leg::queue(bytes_view records, bool closing) {
  if (records.empty()) return;
  if (sent_ == out_.size()) {
    out_.clear();
    sent_ = 0;
  }
  if (frames_)
    put(out_, frames_->encrypted(records, closing));
  else
    put(out_, records);
}

expected<void> leg::take(expected<crypto::tls_output> out, bytes& plain) {
  if (!out) {
    finished_ = true;
    return std::unexpected{out.error()};
  }
  // With a failure or the peer's farewell what goes out is an alert: it travels in a closing frame.
  queue(out->transmit, tls_.summary() && !out->handshake_done && (out->failure || out->peer_closed));
  if (out->handshake_done && frames_) frames_->established();
  put(plain, out->plaintext);
  if (out->failure) {
    finished_ = true;
    return fail(out->failure->why.code, out->failure->why.what);
  }
  if (out->peer_closed) finished_ = true;
  return {};
}

expected<void> leg::take_octets(bytes_view in, timestamp now, bytes& plain) {
  if (!frames_) return take(tls_.feed(in, now), plain);
  auto below = frames_->feed(in);
  if (!below) {
    put(out_, frames_->farewell());
    finished_ = true;
    return std::unexpected{below.error()};
  }
  put(out_, below->transmit);
  for (const auto& f : below->frames) {
    if (auto admitted = frames_->admit(f.state); !admitted) {
      finished_ = true;
      return admitted;
    }
    if (!f.content.empty() && !tls_.over()) SMGW_CHECK(take(tls_.feed(f.content, now), plain));
    if (f.state == socks::frame_state::closing) finished_ = true;
  }
  return {};
}

expected<void> leg::read(timestamp now, bytes& plain) {
  std::array<std::uint8_t, std::size_t{32} * 1024> piece;  // two records at once; the kernel fills what counts
  const auto n = ::recv(fd_.get(), piece.data(), piece.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  if (n <= 0) {
    finished_ = true;
    if (n == 0) return {};
    return fail(errc::unavailable, "the connection broke");
  }
  return take_octets(bytes_view{piece}.first(static_cast<std::size_t>(n)), now, plain);
}

expected<void> leg::write() {
  while (wants_write()) {
    const auto n = ::send(fd_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (n <= 0) {
      finished_ = true;
      return fail(errc::unavailable, "the connection broke");
    }
    sent_ += static_cast<std::size_t>(n);
  }
  return {};
}

expected<void> leg::send(bytes_view plain) {
  while (!plain.empty()) {
    const auto piece = plain.first(std::min(plain.size(), std::size_t{16384}));
    SMGW_TRY(const auto records, tls_.send(piece));
    queue(records, false);
    plain = plain.subspan(piece.size());
  }
  return {};
}

void leg::close() { queue(tls_.close(), true); }

expected<void> leg::tick(timestamp now) {
  bytes none;
  return take(tls_.tick(now), none);
}

}  // namespace smgw::cls
