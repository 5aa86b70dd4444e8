// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/stream.hpp"

#include "base/octets.hpp"
#include "protocols/cms/content_info.hpp"
#include "protocols/cms/parties.hpp"

#include <catch2/catch_test_macros.hpp>
#include <malloc.h>

#include <algorithm>
#include <vector>

/// Of the address sanitizer, where there is one: octets of the heap in use.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));

using namespace smgw;
using namespace smgw::cms;
using test::party;

namespace {

/// Keeps what it got, and whether it may be believed.
struct kept final : content_sink {
  bytes provisional, content;
  int commits = 0, discards = 0;
  expected<void> put(bytes_view piece) override {
    smgw::put(provisional, piece);
    return {};
  }
  expected<void> commit() override {
    ++commits;
    content = std::move(provisional);
    return {};
  }
  void discard() noexcept override {
    ++discards;
    provisional.clear();
  }
};

struct world {
  party gateway{curve::brainpool_p256r1, 0x11}, market{curve::brainpool_p256r1, 0x22};

  [[nodiscard]] bytes seal_by(std::size_t step, bytes_view content, const sealing& how) const {
    auto s = *sealer::begin(content.size(), market.as_recipient(), how, gateway.source());
    bytes out;
    for (; !content.empty(); content = content.subspan(std::min(step, content.size())))
      put(out, *s.update(content.first(std::min(step, content.size()))));
    put(out, *s.finish());
    return out;
  }
  template <class Reader>
  static auto feed(Reader& r, bytes_view message, std::size_t step) -> decltype(r.finish()) {
    for (; !message.empty(); message = message.subspan(std::min(step, message.size())))
      if (auto done = r.update(message.first(std::min(step, message.size()))); !done)
        return std::unexpected{done.error()};
    return r.finish();
  }
  [[nodiscard]] expected<opened> open_by(std::size_t step, bytes_view message, content_sink& to,
                                         const opening& how = {}) const {
    opener o{market.finds_own_key(), to, how};
    return feed(o, message, step);
  }
  [[nodiscard]] expected<stream_verified> verify_by(std::size_t step, bytes_view message, content_sink& to) const {
    verification v{gateway.finds_signer(), to};
    return feed(v, message, step);
  }
  [[nodiscard]] bytes sign_by(std::size_t step, bytes_view content) const {
    signing s{content_type::data, gateway.as_signer()};
    for (auto rest = content; !rest.empty(); rest = rest.subspan(std::min(step, rest.size())))
      s.update(rest.first(std::min(step, rest.size())));
    auto f = *s.enclosing();
    put(f.head, content);
    put(f.head, f.tail);
    return f.head;
  }
};

/// Every suite and form of an envelope that is made.
const std::vector<sealing>& forms() {
  static const std::vector<sealing> all{{},
                                        {.type = content_type::compressed_data},
                                        {.suite = eckaeg_aes128_cbc_cmac},
                                        {.suite = eckaeg_aes128_cbc_cmac, .type = content_type::compressed_data},
                                        {.suite = eckaeg_aes128_cbc_cmac, .cbc_parameters = true}};
  return all;
}

}  // namespace

TEST_CASE("CMS in pieces: envelopes are those of seal and open, whatever the pieces",
          "[REQ.CMS.AuthEnvelopedData.20][REQ.CMS.AesCbcCmac.40]") {
  const world w;
  for (const auto& how : forms())
    for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 33u, 5000u}) {
      const auto content = test::sample(size);
      for (const std::size_t step : {1u, 7u, 16u, 4096u}) {
        const auto whole = open(w.seal_by(step, content, how), w.market.finds_own_key());
        REQUIRE(whole);
        CHECK(whole->content == content);
        CHECK(whole->type == how.type);
        kept sink;
        const auto by_pieces = w.open_by(step, *seal(content, w.market.as_recipient(), how, w.gateway.source()), sink);
        REQUIRE(by_pieces);
        CHECK(by_pieces->type == how.type);
        CHECK(by_pieces->suite == how.suite);
        CHECK(sink.commits == 1);
        CHECK(sink.discards == 0);
        CHECK(sink.content == content);
      }
    }
}

TEST_CASE("CMS in pieces: with the same random numbers the octets are the same", "[REQ.CMS.AuthEnvelopedData.20]") {
  const world w;
  const auto pair = *w.gateway.source().make_ephemeral(curve::brainpool_p256r1);
  const key_source fixed{[&](curve) -> expected<ephemeral> { return pair; },
                         [](std::span<std::uint8_t> out) -> expected<void> {
                           std::ranges::fill(out, std::uint8_t{0x33});
                           return {};
                         }};
  const auto content = test::sample(1000);
  for (const auto& how : forms()) {
    auto s = *sealer::begin(content.size(), w.market.as_recipient(), how, fixed);
    auto made = *s.update(content);
    put(made, *s.finish());
    CHECK(made == *seal(content, w.market.as_recipient(), how, fixed));
  }
}

TEST_CASE("CMS in pieces: more or less content than was said is refused") {
  const world w;
  auto s = *sealer::begin(10, w.market.as_recipient(), {}, w.gateway.source());
  CHECK(s.update(bytes(11)).error().code == errc::malformed);
  REQUIRE(s.update(bytes(9)));
  CHECK(s.finish().error().code == errc::malformed);
  REQUIRE(s.update(bytes(1)));
  CHECK(s.finish());
  CHECK(sealer::begin(max_streamed + 1, w.market.as_recipient(), {}, w.gateway.source()).error().code ==
        errc::exhausted);
}

TEST_CASE("CMS in pieces: no cut and no changed bit of an envelope commits",
          "[REQ.CMS.AuthEnvelopedData.20][REQ.CMS.AesCbcCmac.20]") {
  const world w;
  const auto content = test::sample(40);
  for (const auto& how : forms()) {
    const auto message = *seal(content, w.market.as_recipient(), how, w.gateway.source());
    for (std::size_t n = 0; n < message.size(); ++n) {
      kept sink;
      REQUIRE_FALSE(w.open_by(13, bytes_view{message}.first(n), sink));
      REQUIRE((sink.commits == 0 && sink.discards == 1));
    }
    for (std::size_t bit = 0; bit < 8 * message.size(); ++bit) {
      auto changed = message;
      changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      kept sink;
      REQUIRE_FALSE(w.open_by(100, changed, sink));
      REQUIRE((sink.commits == 0 && sink.discards == 1));
    }
    auto longer = message;
    longer.push_back(0);
    kept sink;
    CHECK(w.open_by(100, longer, sink).error().code == errc::malformed);
  }
}

TEST_CASE("CMS in pieces: an opener that goes before the end discards, and takes nothing after an error") {
  const world w;
  const auto message = *seal(test::sample(5000), w.market.as_recipient(), {}, w.gateway.source());
  kept sink;
  {
    opener o{w.market.finds_own_key(), sink};
    REQUIRE(o.update(bytes_view{message}.first(3000)));
    CHECK_FALSE(sink.provisional.empty());
  }
  CHECK(sink.discards == 1);
  kept other;
  opener o{w.gateway.finds_own_key(), other};
  CHECK(o.update(message).error().code == errc::denied);
  CHECK(o.update(message).error().code == errc::conflict);
  CHECK(o.finish().error().code == errc::conflict);
  CHECK(other.discards == 1);
  kept third;
  CHECK(w.open_by(100, message, third, {.suites = {eckaeg_aes128_cbc_cmac}}).error().code == errc::denied);
}

TEST_CASE("CMS in pieces: a sink that fails ends the message with its own reason") {
  struct full final : content_sink {
    expected<void> put(bytes_view) override { return fail(errc::exhausted, "disk full"); }
    expected<void> commit() override { return {}; }
    void discard() noexcept override { ++discards; }
    int discards = 0;
  } sink;
  const world w;
  const auto message = *seal(test::sample(50), w.market.as_recipient(), {}, w.gateway.source());
  CHECK(w.open_by(10, message, sink).error().what == "disk full");
  CHECK(sink.discards == 1);
}

TEST_CASE("CMS in pieces: signatures inside and outside are those of sign and verify",
          "[REQ.CMS.MessageCipherSuite.20][REQ.CMS.SignedData.40]") {
  const world w;
  for (const std::size_t size : {0u, 1u, 127u, 128u, 5000u}) {
    const auto content = test::sample(size);
    for (const std::size_t step : {1u, 64u, 4096u}) {
      const auto inside = w.sign_by(step, content);
      const auto v = verify(inside, w.gateway.finds_signer());
      REQUIRE(v);
      CHECK(std::ranges::equal(v->content, content));
      kept sink;
      const auto by_pieces =
          w.verify_by(step, *sign(content, content_type::auth_enveloped_data, w.gateway.as_signer()), sink);
      REQUIRE(by_pieces);
      CHECK(by_pieces->type == content_type::auth_enveloped_data);
      CHECK(by_pieces->key_identifier == w.gateway.ski());
      CHECK(sink.commits == 1);
      CHECK(sink.content == content);

      signing s{content_type::data, w.gateway.as_signer()};
      s.update(content);
      const auto outside = *s.detached();
      CHECK(s.detached().error().code == errc::conflict);
      CHECK(verify_detached(outside, content, w.gateway.finds_signer()));
      auto d = *detached_verification::begin(outside, w.gateway.finds_signer());
      d.update(content);
      CHECK(d.finish());
      auto wrong = *detached_verification::begin(outside, w.gateway.finds_signer());
      wrong.update(test::sample(size + 1));
      CHECK(wrong.finish().error().code == errc::untrusted);
      CHECK(detached_verification::begin(inside, w.gateway.finds_signer()).error().code == errc::malformed);
      kept none;
      CHECK_FALSE(w.verify_by(step, outside, none));
    }
  }
}

TEST_CASE("CMS in pieces: no cut and no changed bit of a signed message commits", "[REQ.CMS.SignedData.40]") {
  const world w;
  auto by = w.gateway.as_signer();
  by.certificate = w.gateway.certificate_der();
  const std::vector messages{*sign(test::sample(40), content_type::data, w.gateway.as_signer()),
                             *sign(test::sample(40), content_type::data, by)};
  for (const auto& message : messages) {
    for (std::size_t n = 0; n < message.size(); ++n) {
      kept sink;
      REQUIRE_FALSE(w.verify_by(64, bytes_view{message}.first(n), sink));
      REQUIRE((sink.commits == 0 && sink.discards == 1));
    }
    for (std::size_t bit = 0; bit < 8 * message.size(); ++bit) {
      auto changed = message;
      changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      kept sink;
      const auto result = w.verify_by(100, changed, sink);
      REQUIRE_FALSE(verify(changed, w.gateway.finds_signer()));
      REQUIRE_FALSE(result);
      REQUIRE((sink.commits == 0 && sink.discards == 1));
    }
  }
}

TEST_CASE("CMS in pieces: 16 MiB go through in bounded memory, both ways") {
  const auto in_use = [] {
    return __sanitizer_get_current_allocated_bytes != nullptr ? __sanitizer_get_current_allocated_bytes()
                                                              : ::mallinfo2().uordblks;
  };
  struct counted final : content_sink {
    std::size_t octets = 0, peak = 0;
    bool committed = false;
    std::size_t (*in_use)() = nullptr;
    expected<void> put(bytes_view piece) override {
      octets += piece.size();
      peak = std::max(peak, in_use());
      return {};
    }
    expected<void> commit() override {
      committed = true;
      return {};
    }
    void discard() noexcept override {}
  };
  const world w;
  constexpr std::size_t size = std::size_t{16} << 20, step = std::size_t{64} << 10;
  const bytes piece = test::sample(step);
  for (const auto& suite : {eckaeg_aes128_gcm, eckaeg_aes128_cbc_cmac}) {
    const auto before = in_use();
    counted sink;
    sink.in_use = in_use;
    opener o{w.market.finds_own_key(), sink};
    auto s = *sealer::begin(size, w.market.as_recipient(), {.suite = suite}, w.gateway.source());
    for (std::size_t at = 0; at < size; at += step) {
      const auto message = *s.update(piece);
      REQUIRE(o.update(message));
    }
    REQUIRE(o.update(*s.finish()));
    REQUIRE(o.finish());
    CHECK(sink.committed);
    CHECK(sink.octets == size);
    // At its deepest: what the sealer gave out, a piece of the opener, and both ciphers.
    CHECK(sink.peak > before);
    CHECK(sink.peak - before < 4 * step);
  }
}

TEST_CASE("CMS in pieces: too much around a content is refused before it is stored") {
  const world w;
  kept sink;
  opener o{w.market.finds_own_key(), sink};
  bytes hostile{0x30, 0x84, 0x7F, 0, 0, 0, 2, 1, 0, 0x31, 0x84, 0x6F, 0, 0, 0};
  REQUIRE(o.update(hostile));
  expected<void> done;
  std::size_t fed = 0;
  for (; done && fed < 100'000; fed += 1000) done = o.update(bytes(1000));
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::exhausted);
  CHECK(fed < 10'000);
}
