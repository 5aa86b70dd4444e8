// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/digest_stream.hpp"
#include "protocols/cms/frame_reader.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/signed_message.hpp"
#include "protocols/cms/stream.hpp"

#include <algorithm>

namespace smgw::cms {
namespace {

stream_verified result_of(const signed_message& m) {
  return {m.type, {m.key_identifier.begin(), m.key_identifier.end()}, {m.certificate.begin(), m.certificate.end()}};
}

}  // namespace

struct detached_verification::state {
  bytes message;
  signed_message fields;
  find_signer find;
  verifying how;
  digest_stream hash;
};

detached_verification::detached_verification(std::unique_ptr<state> s) : state_(std::move(s)) {}
detached_verification::~detached_verification() = default;
detached_verification::detached_verification(detached_verification&&) noexcept = default;
detached_verification& detached_verification::operator=(detached_verification&&) noexcept = default;

expected<detached_verification> detached_verification::begin(bytes_view message, const find_signer& find,
                                                             const verifying& how) {
  bytes own(message.begin(), message.end());
  SMGW_TRY(const auto fields, read_signed(own));
  SMGW_CHECK(check_detached(fields));
  // The views stay good: a vector keeps its octets when it moves.
  return detached_verification{
      std::make_unique<state>(state{std::move(own), fields, find, how, digest_stream{fields.hash}})};
}

void detached_verification::update(bytes_view content) { state_->hash.update(content); }

expected<stream_verified> detached_verification::finish() {
  SMGW_CHECK(verify_message(state_->fields, state_->hash.finish(), state_->find, state_->how));
  return result_of(state_->fields);
}

struct verification::state {
  find_signer find;
  content_sink& sink;
  verifying how;
  frame_reader frame{locate_signed_content};
  signed_message fields{};
  std::optional<digest_stream> hash{};
  bool over = false;

  expected<void> on_head();
  expected<stream_verified> finish();
  void fail_now() {
    if (!std::exchange(over, true)) sink.discard();
  }
};

/// All before the content is there. The outer headers count octets that are not: what is inside is read on its own, by
/// the lengths that the frame has checked.
expected<void> verification::state::on_head() {
  auto rest = frame.head();
  const auto enter = [&]() -> expected<void> {
    SMGW_TRY(const auto header, der::peek_header(rest));
    rest = rest.subspan(header->size);
    return {};
  };
  SMGW_CHECK(enter());
  der::reader outer{rest};
  SMGW_TRY(const auto type, outer.next());
  if (!std::ranges::equal(type.whole, oids::signed_data)) return fail(errc::unsupported, "not a SignedData");
  rest = outer.rest();
  SMGW_CHECK(enter());
  SMGW_CHECK(enter());
  der::reader r{rest};
  SMGW_CHECK(read_start(r, fields));
  rest = r.rest();
  SMGW_CHECK(enter());
  SMGW_TRY(const auto content, der::reader{rest}.next());
  SMGW_CHECK(read_type(content, fields));
  if (!std::ranges::contains(how.digests, fields.hash)) return fail(errc::denied, "digest algorithm");
  hash.emplace(fields.hash);
  return {};
}

expected<stream_verified> verification::state::finish() {
  SMGW_CHECK(frame.finish());
  der::reader r{frame.tail()};
  SMGW_CHECK(read_end(r, fields));
  SMGW_CHECK(verify_message(fields, hash->finish(), find, how));
  over = true;
  SMGW_CHECK(sink.commit());
  return result_of(fields);
}

verification::verification(const find_signer& find, content_sink& to, verifying how)
    : state_(std::make_unique<state>(state{find, to, std::move(how)})) {}
verification::~verification() { state_->fail_now(); }

expected<void> verification::update(bytes_view message) {
  auto& s = *state_;
  if (s.over) return fail(errc::conflict, "this message is over");
  auto done = s.frame.feed(
      message, [&] { return s.on_head(); },
      [&](bytes_view piece) {
        s.hash->update(piece);
        return s.sink.put(piece);
      });
  if (!done) s.fail_now();
  return done;
}

expected<stream_verified> verification::finish() {
  if (state_->over) return fail(errc::conflict, "this message is over");
  auto done = state_->finish();
  if (!done) state_->fail_now();
  return done;
}

}  // namespace smgw::cms
