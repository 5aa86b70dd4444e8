// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/key_stores.hpp"

#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "crypto/card/key_store.hpp"
#include "crypto/pkcs11/key_store.hpp"
#include "crypto/queued_key_store.hpp"
#include "crypto/soft_key_store.hpp"
#include "crypto/tpm2/key_store.hpp"

#include <algorithm>
#include <cstdlib>

namespace smgw::platform {
namespace {

namespace fs = std::filesystem;

/// The first line of a file, without its end.
expected<secret> first_line(const fs::path& file) {
  SMGW_TRY(auto content, read_file(file, 1024));
  const auto end = std::ranges::find_if(content, [](std::uint8_t c) { return c == '\n' || c == '\r'; });
  secret line{bytes_view{content.data(), static_cast<std::size_t>(end - content.begin())}};
  wipe(content);
  if (line.empty()) return fail(errc::malformed, file.string() + ": the first line is empty");
  return line;
}

/// The passphrase of a software key store: the service manager's credential, else the file beside it.
expected<secret> passphrase_for(const fs::path& store_file) {
  fs::path source = store_file.string() + ".passphrase";
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
      credentials != nullptr)  // NOLINT(concurrency-mt-unsafe)
    if (const auto given = fs::path(credentials) / "smgw-passphrase"; fs::exists(given)) source = given;
  return first_line(source);
}

expected<std::shared_ptr<crypto::key_store>> open_tpm(const std::string& line, const fs::path& data_directory) {
  auto where = crypto::tpm2::parse_address(line);
  if (!where) return fail(where.error().code, "gateway.json /key_store: " + where.error().what);
  where->file = data_directory / where->file;
  SMGW_TRY(auto opened, crypto::tpm2::tpm_key_store::open(*where));
  return std::shared_ptr<crypto::key_store>(std::move(opened));
}

expected<std::shared_ptr<crypto::key_store>> open_token(const std::string& line) {
  auto where = crypto::pkcs11::parse_address(line);
  if (!where) return fail(where.error().code, "gateway.json /key_store: " + where.error().what);
  SMGW_TRY(auto pin, first_line(where->pin_source));
  SMGW_TRY(auto opened, crypto::pkcs11::token_key_store::open(*where, std::move(pin)));
  return std::shared_ptr<crypto::key_store>(std::move(opened));
}

expected<std::shared_ptr<crypto::key_store>> open_card(const std::string& line) {
  const auto where = crypto::card::parse_address(line);
  if (!where) return fail(where.error().code, "gateway.json /key_store: " + where.error().what);
  SMGW_TRY(auto pin, first_line(where->pin_source));
  SMGW_TRY(auto opened, crypto::card::card_key_store::open(*where, std::move(pin)));
  return std::shared_ptr<crypto::key_store>(std::move(opened));
}

/// A module takes one command at a time, and may hang: its operations go through a queue.
expected<std::shared_ptr<crypto::key_store>> open_queued(crypto::open_key_store_function open) {
  SMGW_TRY(auto queued, crypto::queued_key_store::open(std::move(open)));
  return std::shared_ptr<crypto::key_store>(std::move(queued));
}

}  // namespace

expected<std::shared_ptr<crypto::key_store>> open_key_store(const std::string& line, const fs::path& data_directory) {
  constexpr std::string_view soft = "soft:";
  if (line.starts_with("pkcs11:")) return open_queued([line] { return open_token(line); });
  if (line.starts_with("tpm2:")) return open_queued([line, data_directory] { return open_tpm(line, data_directory); });
  if (line.starts_with("smartcard:")) return open_queued([line] { return open_card(line); });
  if (!line.starts_with(soft))
    return fail(errc::unsupported,
                "gateway.json /key_store: '" + line +
                    "' names no key store of this build; write soft:FILE, tpm2:, pkcs11:token=… or smartcard:");
  const auto file = data_directory / line.substr(soft.size());
  SMGW_TRY(const auto passphrase, passphrase_for(file));
  auto opened = crypto::soft_key_store::open(file, passphrase);
  if (!opened) return fail(opened.error().code, file.string() + ": " + opened.error().what);
  return std::shared_ptr<crypto::key_store>(std::move(*opened));
}

}  // namespace smgw::platform
