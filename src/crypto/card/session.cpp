// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/card/session.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::crypto::card {
namespace {

expected<response> plain(link& card, const command& c) {
  SMGW_TRY(const auto answer, card.transmit(encode(c)));
  return decode_response(answer);
}

/// The session is over: what happened is no fault of the command.
std::unexpected<error> over(const error& e) { return fail(errc::unavailable, e.what); }

}  // namespace

expected<session> session::open(std::unique_ptr<link> card, const secret& pin) {
  SMGW_TRY(const auto selected, plain(*card, select_application()));
  if (selected.status != ok) return fail(errc::untrusted, "card: no security module of this kind answers");
  SMGW_TRY(auto keys, pace([&](const command& c) { return plain(*card, c); }, pin));
  session made(std::move(card), std::move(keys));
  SMGW_TRY(const auto content, made.read_file(information_file));
  SMGW_TRY(made.information_, decode_information(content));
  return made;
}

expected<response> session::run(const command& c, std::string_view what) {
  SMGW_TRY(const auto wrapped, secure_.wrap(c));
  const auto answer = plain(*card_, wrapped);
  if (!answer) return over(answer.error());
  // Without protection the card tells that it has lost the session, or that it is another one.
  if (answer->data.empty() && answer->status != ok) return over(fault(answer->status, what));
  auto opened = secure_.unwrap(*answer);
  if (!opened) return over(opened.error());
  if (opened->status != ok) return std::unexpected(fault(opened->status, what));
  return opened;
}

expected<void> session::random(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const auto part = out.first(std::min<std::size_t>(out.size(), 128));
    SMGW_TRY(auto got, run(get_challenge(static_cast<std::uint8_t>(part.size())), "random numbers"));
    if (got.data.size() != part.size()) return fail(errc::internal, "card: random numbers of another length");
    std::ranges::copy(got.data, part.begin());
    wipe(got.data);
    out = out.subspan(part.size());
  }
  return {};
}

expected<bytes> session::generate(std::uint8_t slot, curve on, std::uint8_t usage) {
  SMGW_TRY(const auto made, run(generate_key(slot, on, usage), "key generation"));
  return public_point_of(made, on);
}

expected<void> session::destroy(std::uint8_t slot) {
  SMGW_CHECK(run(delete_key(slot), "destroying a key"));
  return {};
}

expected<bytes> session::sign(std::uint8_t slot, curve on, bytes_view digest) {
  SMGW_CHECK(run(choose_signing_key(slot), "choosing a key"));
  SMGW_TRY(auto made, run(compute_signature(digest), "signature"));
  if (made.data.size() != 2 * field_size(on)) return fail(errc::internal, "card: a signature of another length");
  return std::move(made.data);
}

expected<secret> session::agree(std::uint8_t slot, curve on, bytes_view peer_point) {
  SMGW_CHECK(run(choose_agreement_key(slot), "choosing a key"));
  SMGW_TRY(auto answer, run(card::agree(peer_point), "agreement"));
  SMGW_TRY(auto shared, shared_of(answer, on));
  secret out{bytes_view{shared}};
  wipe(shared);
  wipe(answer.data);
  return out;
}

expected<void> session::select(std::uint16_t file) {
  SMGW_CHECK(run(select_file(file), "choosing a file"));
  return {};
}

expected<bytes> session::read_file(std::uint16_t file) {
  SMGW_CHECK(select(file));
  SMGW_TRY(const auto head, run(read_binary(0, 2), "reading a file"));
  if (head.data.size() != 2) return fail(errc::internal, "card: a file without a length");
  const std::size_t length = load_be<std::uint16_t>(head.data.data());
  if (length > max_file) return fail(errc::exhausted, "card: a file is too long");
  bytes content;
  while (content.size() < length) {
    const auto wanted = std::min(file_chunk, length - content.size());
    SMGW_TRY(const auto part,
             run(read_binary(static_cast<std::uint16_t>(2 + content.size()), wanted), "reading a file"));
    if (part.data.empty() || part.data.size() > wanted) return fail(errc::internal, "card: a file ends too early");
    put(content, part.data);
  }
  return content;
}

expected<void> session::write_file(std::uint16_t file, bytes_view content) {
  if (content.size() > max_file) return fail(errc::exhausted, "card: a file is too long");
  SMGW_CHECK(select(file));
  bytes whole;
  put_be(whole, static_cast<std::uint16_t>(content.size()));
  put(whole, content);
  for (std::size_t at = 0; at < whole.size(); at += file_chunk) {
    const auto part = bytes_view{whole}.subspan(at, std::min(file_chunk, whole.size() - at));
    SMGW_CHECK(run(update_binary(static_cast<std::uint16_t>(at), part), "writing a file"));
  }
  return {};
}

}  // namespace smgw::crypto::card
