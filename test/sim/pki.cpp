// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "pki.hpp"

#include "actors/foundation/key_token.hpp"
#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/cms/request_package.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <format>

namespace smgw::sim {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Keys of root and sub-CA.
constexpr std::string_view authority_folder = "ca";
constexpr auto year = std::chrono::hours{365 * 24};

crypto::distinguished_name name(std::string common_name) {
  return {.common_name = std::move(common_name),
          .organisation = "SM-Test-PKI-DE",
          .organisational_unit = {},
          .country = "DE",
          .serial_number = "1"};
}

/// A software key store in the party's folder, with a passphrase of its own beside it.
expected<std::shared_ptr<crypto::key_store>> make_keys(const fs::path& folder) {
  bytes raw(24);
  const auto entropy = crypto::soft_key_store::in_memory();
  SMGW_CHECK(entropy->random(raw));
  const auto passphrase = to_hex(raw);
  SMGW_CHECK(write_file(folder / "passphrase", passphrase, true));
  // a demonstration makes keys for four parties: a light Argon2 keeps that short
  SMGW_TRY(auto made, crypto::soft_key_store::open(folder / "keys.sealed", secret{as_bytes(passphrase)},
                                                   {.memory_kib = 8 * 1024, .iterations = 1}));
  return std::shared_ptr<crypto::key_store>(std::move(made));
}

/// Signed by one of the parties' signature keys, or bare.
expected<cms::request_package> read_package(const fs::path& folder, bytes_view package) {
  if (auto bare = cms::decode_request_package(package)) return bare;
  return cms::open_request_package(package, [&](bytes_view key_identifier) -> expected<cms::known_signer> {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().filename() != "sig.pem") continue;
      SMGW_TRY(const auto found, load_certificates(entry.path()));
      const auto& c = found.front();
      if (std::ranges::equal(c.subject_key_id, key_identifier))
        return cms::known_signer{{static_cast<cms::curve>(c.on), c.public_point}, c.der};
    }
    return fail(errc::untrusted, "the package is signed by nobody of this PKI");
  });
}

/// The gateway's labels for everyone: a party is a party.
expected<void> make_party(const fs::path& folder, const party_description& who,
                          const crypto::certificate_authority& issuer, crypto::curve curve, timestamp now) {
  auto keys = who.keys;
  if (!keys) {
    SMGW_TRY(keys, make_keys(folder));
  }
  SMGW_TRY(const auto made, crypto::make_party(issuer, *keys,
                                               {.key_prefix = "gw_wan_",
                                                .subject = name(who.common_name),
                                                .not_before = now - 1h,
                                                .not_after = now + 2 * year - 24h,
                                                .alternative_dns = who.gateway ? "" : who.folder + ".test",
                                                .on = curve}));
  SMGW_CHECK(write_file(folder / "tls.pem", to_pem(made.tls) + to_pem(issuer.own())));
  SMGW_CHECK(write_file(folder / "sig.pem", to_pem(made.signature)));
  return write_file(folder / "enc.pem", to_pem(made.encryption));
}

expected<crypto::certificate_authority> resume_sub_ca(const fs::path& folder) {
  SMGW_TRY(const auto passphrase, platform::read_file(folder / authority_folder / "passphrase", 1024));
  SMGW_TRY(auto opened,
           crypto::soft_key_store::open(folder / authority_folder / "keys.sealed", secret{bytes_view{passphrase}}));
  SMGW_TRY(const auto own, load_certificates(folder / "sub-ca.pem"));
  return crypto::certificate_authority::resume(std::shared_ptr<crypto::key_store>(std::move(opened)), "sub",
                                               own.front());
}

}  // namespace

crypto::tls_identity party::identity() const { return {keys, std::string(tls_label), tls_chain}; }

expected<void> write_file(const fs::path& file, std::string_view content, bool is_secret) {
  std::error_code failure;
  fs::create_directories(file.parent_path(), failure);
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, is_secret ? 0600 : 0644);
  if (fd < 0) return fail(errc::unavailable, file.string() + ": cannot be written");
  const auto n = ::write(fd, content.data(), content.size());
  ::close(fd);
  if (n != static_cast<ssize_t>(content.size())) return fail(errc::exhausted, file.string() + ": not written whole");
  return {};
}

expected<std::vector<crypto::certificate>> load_certificates(const fs::path& file) {
  SMGW_TRY(const auto content, platform::read_file(file));
  auto parsed = crypto::parse_certificates(content);
  if (!parsed) return fail(parsed.error().code, file.string() + ": " + parsed.error().what);
  return parsed;
}

expected<void> make_pki(const fs::path& folder, const std::vector<party_description>& parties, crypto::curve curve,
                        timestamp now) {
  if (fs::exists(folder / "root.pem")) return fail(errc::conflict, folder.string() + " holds a PKI already");
  SMGW_TRY(const auto keys, make_keys(folder / authority_folder));
  const bool brainpool = curve != crypto::curve::secp256r1 && curve != crypto::curve::secp384r1;
  SMGW_TRY(const auto root,
           crypto::certificate_authority::make_root(
               keys, "root", brainpool ? crypto::curve::brainpool_p384r1 : crypto::curve::secp384r1,
               {.subject = name("SM-Test-Root.CA"), .not_before = now - 1h, .not_after = now + 8 * year}));
  SMGW_TRY(const auto sub,
           root.make_sub_ca("sub", curve,
                            {.subject = name("Demo-Sub.CA"), .not_before = now - 1h, .not_after = now + 5 * year}));
  SMGW_CHECK(write_file(folder / "root.pem", to_pem(root.own())));
  SMGW_CHECK(write_file(folder / "sub-ca.pem", to_pem(sub.own())));
  for (const auto& who : parties) SMGW_CHECK(make_party(folder / who.folder, who, sub, curve, now));
  return {};
}

expected<void> add_parties(const fs::path& pki, const fs::path& folder, const std::vector<party_description>& parties,
                           timestamp now) {
  SMGW_TRY(const auto sub, resume_sub_ca(pki));
  for (const auto& who : parties) SMGW_CHECK(make_party(folder / who.folder, who, sub, sub.own().on, now));
  return {};
}

expected<device_id> counted(const device_id& first, std::size_t n) {
  const std::string text(first.text());
  std::uint32_t number = 0;
  std::from_chars(text.data() + 6, text.data() + text.size(), number);
  return device_id::parse(std::format("{}{:08}", text.substr(0, 6), number + n));
}

expected<std::string> issue_certificates(const fs::path& folder, bytes_view package, timestamp now) {
  SMGW_TRY(const auto authority, resume_sub_ca(folder));
  SMGW_TRY(const auto requests, read_package(folder, package));
  std::string pem;
  const std::array<std::pair<const bytes*, crypto::sm_pki_use>, 3> wanted{
      {{&requests.tls, crypto::sm_pki_use::tls},
       {&requests.signature, crypto::sm_pki_use::signature},
       {&requests.encryption, crypto::sm_pki_use::encryption}}};
  for (const auto& [der, use] : wanted) {
    SMGW_TRY(const auto request, crypto::parse_request(*der));
    SMGW_TRY(
        const auto made,
        authority.issue(
            request, {.use = use, .not_before = now - 1h, .not_after = now + 2 * year - 24h, .alternative_dns = {}}));
    pem += to_pem(made);
  }
  return pem + to_pem(authority.own());
}

expected<party> load_party(const fs::path& folder) {
  SMGW_TRY(const auto passphrase, platform::read_file(folder / "passphrase", 1024));
  party p;
  SMGW_TRY(p.keys, crypto::soft_key_store::open(folder / "keys.sealed", secret{bytes_view{passphrase}}));
  SMGW_TRY(p.tls_chain, load_certificates(folder / "tls.pem"));
  SMGW_TRY(const auto signature, load_certificates(folder / "sig.pem"));
  SMGW_TRY(const auto encryption, load_certificates(folder / "enc.pem"));
  p.signature = signature.front();
  p.encryption = encryption.front();
  return p;
}

}  // namespace smgw::sim
