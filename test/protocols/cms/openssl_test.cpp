// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// CMS against another implementation: the program `openssl`, run on files. It knows SignedData, AuthEnvelopedData with
/// AES-GCM and CompressedData, but none of the key agreement names of the BSI: the same mathematics goes by the names
/// of RFC 5753 here.

#include "base/octets.hpp"
#include "interoperability.hpp"
#include "protocols/cms/compressed_data.hpp"
#include "protocols/cms/content_info.hpp"
#include "protocols/cms/parties.hpp"
#include "protocols/cms/stream.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <tuple>

using namespace smgw;
using namespace smgw::cms;
using test::party;

namespace {

namespace fs = std::filesystem;

/// A folder with the keys of two parties, and openssl run in it.
class workshop {
 public:
  explicit workshop(curve c) : gateway(c, 0x11), market(c, 0x22) {
    static int count = 0;
    folder_ =
        fs::temp_directory_path() / ("smgw-openssl-" + std::to_string(std::rand()) + "-" + std::to_string(++count));
    fs::create_directories(folder_);
    write("gateway.key", as_bytes(gateway.key_pem()));
    write("gateway.pem", as_bytes(gateway.certificate_pem()));
    write("market.key", as_bytes(market.key_pem()));
    write("market.pem", as_bytes(market.certificate_pem()));
    write("content", content);
  }
  ~workshop() { fs::remove_all(folder_); }
  workshop(const workshop&) = delete;
  workshop& operator=(const workshop&) = delete;

  void write(const std::string& name, bytes_view data) const {
    std::ofstream{folder_ / name, std::ios::binary}.write(as_text(data).data(),
                                                          static_cast<std::streamsize>(data.size()));
  }
  [[nodiscard]] bytes read(const std::string& name) const {
    std::ifstream in{folder_ / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  [[nodiscard]] bool openssl(const std::string& arguments) const {
    const auto line = "cd " + folder_.string() + " && openssl " + arguments + " >log 2>&1";
    const bool done = std::system(line.c_str()) == 0;
    if (!done) UNSCOPED_INFO(std::string{as_text(read("log"))});
    return done;
  }

  bytes content = test::sample(3000);
  party gateway, market;

 private:
  fs::path folder_;
};

/// A suite, and what the program calls it.
struct named_suite {
  encryption_suite suite;
  std::string text, options;
};
/// Every cipher, with its key wrap and with every hash in the key derivation. Of CBC-CMAC the program knows nothing.
std::vector<named_suite> gcm_suites() {
  std::vector<named_suite> all;
  for (const auto& [wrap, cipher, bits] : {std::tuple{key_wrap::aes128, cipher::aes128_gcm, "128"},
                                           {key_wrap::aes192, cipher::aes192_gcm, "192"},
                                           {key_wrap::aes256, cipher::aes256_gcm, "256"}})
    for (const auto& [kdf, name] :
         {std::pair{digest::sha256, "256"}, {digest::sha384, "384"}, {digest::sha512, "512"}}) {
      const std::string aes = std::string{"AES-"} + bits;
      all.push_back({{kdf, wrap, cipher},
                     aes + "-GCM, " + aes + " wrap, X9.63 KDF with SHA-" + name,
                     std::string{"-aes-"} + bits + "-gcm -keyopt ecdh_kdf_md:sha" + name + " -aes" + bits + "-wrap"});
    }
  return all;
}
constexpr std::pair<digest, const char*> digests[] = {
    {digest::sha256, "sha256"}, {digest::sha384, "sha384"}, {digest::sha512, "sha512"}};

void record(const char* table, const std::string& row, curve c, const char* what) {
  test::record_interoperability(table, row, test::curve_name(c), what);
}

constexpr const char* sign_options =
    "cms -sign -binary -nodetach -keyid -nosmimecap -no_signing_time -md sha256 -outform DER -out message "
    "-in content -signer gateway.pem -inkey gateway.key ";
constexpr const char* verify_options =
    "cms -verify -binary -inform DER -in message -certfile gateway.pem -CAfile gateway.pem -purpose any "
    "-partial_chain -out result ";

}  // namespace

TEST_CASE("openssl verifies what we sign", "[openssl][REQ.CMS.SignedData.40][REQ.CMS.SignedData.70]") {
  for (const auto c : test::all_curves) {
    const workshop w{c};
    w.write("message", *sign(w.content, content_type::data, w.gateway.as_signer()));
    REQUIRE(w.openssl(verify_options));
    CHECK(w.read("result") == w.content);
    w.write("message", *sign_detached(w.content, w.gateway.as_signer()));
    REQUIRE(w.openssl(std::string{verify_options} + "-content content"));
    CHECK(w.read("result") == w.content);
    auto by = w.gateway.as_signer(digest::sha512);
    by.certificate = w.gateway.certificate_der();
    w.write("message", *sign(w.content, content_type::data, by));
    CHECK(w.openssl(
        "cms -verify -binary -inform DER -in message -CAfile gateway.pem -purpose any -partial_chain -out result"));
    auto other = w.content;
    other[0] ^= 1;
    w.write("content", other);
    w.write("message", *sign_detached(w.content, w.gateway.as_signer()));
    CHECK_FALSE(w.openssl(std::string{verify_options} + "-content content"));
  }
}

TEST_CASE("We verify what openssl signs", "[openssl][REQ.CMS.SignedData.40][REQ.CMS.Zertifikate.20]") {
  for (const auto c : test::all_curves) {
    const workshop w{c};
    REQUIRE(w.openssl(std::string{sign_options} + "-nocerts"));
    const auto message = w.read("message");
    const auto v = verify(message, w.gateway.finds_signer());
    REQUIRE(v);
    CHECK(std::ranges::equal(v->content, w.content));
    REQUIRE(w.openssl(sign_options));
    const auto with_certificate = w.read("message");
    const auto vc = verify(with_certificate, w.gateway.finds_signer());
    REQUIRE(vc);
    CHECK(std::ranges::equal(vc->certificate, w.gateway.certificate_der()));
    REQUIRE(
        w.openssl("cms -sign -binary -keyid -nocerts -nosmimecap -no_signing_time -md sha384 -outform DER -out message "
                  "-in content -signer gateway.pem -inkey gateway.key"));
    CHECK(verify_detached(w.read("message"), w.content, w.gateway.finds_signer(), {.digests = {digest::sha384}}));
    // With the signing time that openssl adds by itself.
    REQUIRE(
        w.openssl("cms -sign -binary -nodetach -keyid -nocerts -md sha256 -outform DER -out message -in content "
                  "-signer gateway.pem -inkey gateway.key"));
    const auto timed = w.read("message");
    CHECK(verify(timed, w.gateway.finds_signer()).error().code == errc::malformed);
    CHECK(verify(timed, w.gateway.finds_signer(), {.digests = {digest::sha256}, .other_attributes = true}));
  }
}

TEST_CASE("openssl opens what we seal", "[openssl][REQ.CMS.AuthEnvelopedData.20][REQ.CMS.AuthEnvelopedData.60]") {
  for (const auto c : test::all_curves) {
    const workshop w{c};
    const party& market = w.market;
    for (const auto& [suite, text, options] : gcm_suites()) {
      const sealing how{.suite = suite, .agreement = key_agreement::rfc5753, .info = shared_info::ecc_cms};
      const auto envelope = *seal(w.content, market.as_recipient(), how, w.gateway.source());
      w.write("message", wrap_content_info(content_type::auth_enveloped_data, envelope));
      REQUIRE(
          w.openssl("cms -decrypt -binary -inform DER -in message -recip market.pem -inkey market.key -out result"));
      REQUIRE(w.read("result") == w.content);
      record("CMS AuthEnvelopedData", text, c, "we seal");
      // Made by pieces, it is the same to the program.
      auto by_pieces = *sealer::begin(w.content.size(), market.as_recipient(), how, w.gateway.source());
      auto made = *by_pieces.update(bytes_view{w.content}.first(1000));
      put(made, *by_pieces.update(bytes_view{w.content}.subspan(1000)));
      put(made, *by_pieces.finish());
      w.write("message", wrap_content_info(content_type::auth_enveloped_data, made));
      REQUIRE(
          w.openssl("cms -decrypt -binary -inform DER -in message -recip market.pem -inkey market.key -out result"));
      CHECK(w.read("result") == w.content);
    }
    // Attributes as additional data: what openssl gives out then is the CompressedData.
    const auto compressed = *compress(w.content);
    const sealing how{
        .type = content_type::compressed_data, .agreement = key_agreement::rfc5753, .info = shared_info::ecc_cms};
    w.write("message", wrap_content_info(content_type::auth_enveloped_data,
                                         *seal(compressed, market.as_recipient(), how, w.gateway.source())));
    REQUIRE(w.openssl("cms -decrypt -binary -inform DER -in message -recip market.pem -inkey market.key -out result"));
    CHECK(w.read("result") == compressed);
  }
}

TEST_CASE("We open what openssl seals", "[openssl][REQ.CMS.AuthEnvelopedData.20][REQ.CMS.AuthEnvelopedData.70]") {
  for (const auto c : test::all_curves) {
    const workshop w{c};
    for (const auto& [suite, text, options] : gcm_suites()) {
      REQUIRE(
          w.openssl("cms -encrypt -binary -keyid -outform DER -in content -out message -recip market.pem " + options));
      const auto message = w.read("message");
      const auto info = unwrap_content_info(message);
      REQUIRE(info);
      const opening how{.suites = {suite}, .agreement = key_agreement::rfc5753, .info = shared_info::ecc_cms};
      const auto result = open(info->content, w.market.finds_own_key(), how);
      REQUIRE(result);
      REQUIRE(result->content == w.content);
      record("CMS AuthEnvelopedData", text, c, "we open");
    }
  }
}

TEST_CASE("openssl and we verify each other's signatures with every hash", "[openssl][REQ.CMS.SignedData.40]") {
  for (const auto c : test::all_curves) {
    const workshop w{c};
    for (const auto& [hash, name] : digests) {
      const verifying how{.digests = {hash}};
      const auto row = std::string{"ECDSA with "} + name;
      w.write("message", *sign(w.content, content_type::data, w.gateway.as_signer(hash)));
      REQUIRE(w.openssl(verify_options));
      record("CMS SignedData", row + ", content inside", c, "we sign");
      w.write("message", *sign_detached(w.content, w.gateway.as_signer(hash)));
      REQUIRE(w.openssl(std::string{verify_options} + "-content content"));
      record("CMS SignedData", row + ", detached", c, "we sign");
      for (const bool inside : {true, false}) {
        REQUIRE(
            w.openssl(std::string{"cms -sign -binary -keyid -nocerts -nosmimecap -no_signing_time -outform DER -out "
                                  "message -in content -signer gateway.pem -inkey gateway.key -md "} +
                      name + (inside ? " -nodetach" : "")));
        const auto message = w.read("message");
        if (inside)
          REQUIRE(verify(message, w.gateway.finds_signer(), how));
        else
          REQUIRE(verify_detached(message, w.content, w.gateway.finds_signer(), how));
        record("CMS SignedData", row + (inside ? ", content inside" : ", detached"), c, "we verify");
      }
    }
  }
}

TEST_CASE("openssl and we inflate each other's CompressedData", "[openssl][REQ.CMS.CompressedData.10]") {
  const workshop w{curve::brainpool_p256r1};
  w.write("message", wrap_content_info(content_type::compressed_data, *compress(w.content)));
  REQUIRE(w.openssl("cms -uncompress -inform DER -in message -out result"));
  CHECK(w.read("result") == w.content);
  REQUIRE(w.openssl("cms -compress -binary -outform DER -in content -out message"));
  const auto message = w.read("message");
  const auto info = unwrap_content_info(message);
  REQUIRE(info);
  REQUIRE(*decompress(info->content) == w.content);
  test::record_interoperability("CMS CompressedData", "zlib", "any", "both ways");
}
