// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/assembly.hpp"
#include "actors/platform/files.hpp"
#include "actors/platform/own_keys.hpp"
#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "commands/command.hpp"
#include "crypto/hash.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>

namespace smgw::commands {
namespace {

namespace fs = std::filesystem;

struct options {
  bool json = false;
  std::string label, curve, purpose = "lmn", organisation = "SM-PKI-DE", serial = "1";
  std::vector<fs::path> files;
  fs::path out;
};

struct opened {
  std::string gateway;
  std::shared_ptr<crypto::key_store> keys;
  platform::own_certificates own;
};

expected<opened> open(const fs::path& configuration) {
  SMGW_TRY(const auto loaded, platform::load_profiles(configuration));
  if (!loaded.set) return fail(errc::malformed, "the profiles are wrong; see smgw check-config");
  const auto& self = loaded.set->self;
  const fs::path data = self.data_directory;
  std::error_code failure;
  fs::create_directories(data / "certificates", failure);
  if (failure) return fail(errc::unavailable, data.string() + ": " + failure.message());
  SMGW_TRY(auto keys, platform::open_key_store(self.key_store, data));
  return opened{std::string(self.id.text()), std::move(keys), platform::own_certificates(data / "certificates")};
}

std::string fingerprint(const crypto::key_info& key) {
  return to_hex(bytes_view{crypto::sha256(key.public_point)}.first(8));
}

/// That of the option, or the first the store has: brainpoolP256r1 where it can.
expected<crypto::curve> curve_of(const options& o, const crypto::key_store& keys) {
  if (!o.curve.empty()) return crypto::parse_curve(o.curve);
  const auto can = keys.capabilities().curves;
  if (can.empty()) return fail(errc::unavailable, "the key store has no curve of TR-03116-3");
  return can.front();
}

expected<void> list(const opened& o, bool json) {
  SMGW_TRY(const auto lines, platform::list_keys(*o.keys, o.own));
  const auto who = o.keys->identify();
  if (json) {
    auto all = nlohmann::ordered_json{{"kind", who.kind}, {"serial", who.serial}, {"keys", nlohmann::json::array()}};
    for (const auto& l : lines)
      all["keys"].push_back({{"label", l.key.label},
                             {"purpose", to_string(l.key.purpose)},
                             {"curve", to_string(l.key.on)},
                             {"publicPoint", to_hex(l.key.public_point)},
                             {"certificate", l.certificate},
                             {"notAfter", l.not_after ? to_iso8601(*l.not_after) : ""},
                             {"standing", l.standing}});
    std::cout << all.dump(2) << "\n";
    return {};
  }
  std::cout << who.kind << " " << who.serial << ", " << lines.size() << (lines.size() == 1 ? " key\n" : " keys\n");
  for (const auto& l : lines) {
    std::cout << "  " << l.key.label << "  " << to_string(l.key.purpose) << "  " << to_string(l.key.on) << "  "
              << fingerprint(l.key);
    if (l.not_after) std::cout << "  " << l.standing << ", " << l.certificate << ", until " << to_iso8601(*l.not_after);
    std::cout << "\n";
  }
  return {};
}

expected<void> generate(const opened& o, const options& given) {
  SMGW_TRY(const auto on, curve_of(given, *o.keys));
  for (const auto purpose : {crypto::key_purpose::tls, crypto::key_purpose::signature, crypto::key_purpose::encryption,
                             crypto::key_purpose::lmn})
    if (to_string(purpose) == given.purpose) {
      SMGW_TRY(const auto key, o.keys->generate(given.label, on, purpose));
      std::cout << key.label << "  " << to_string(key.purpose) << "  " << to_string(key.on) << "  " << fingerprint(key)
                << "\n";
      return {};
    }
  return fail(errc::malformed, "--purpose is tls, signature, encryption or lmn");
}

expected<void> write_out(const fs::path& out, bytes_view content) {
  std::ofstream file(out, std::ios::binary);
  file.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file) return fail(errc::unavailable, out.string() + ": cannot be written");
  return {};
}

crypto::distinguished_name subject_of(const opened& o, const options& given) {
  return {.common_name = o.gateway + ".SMGW",
          .organisation = given.organisation,
          .organisational_unit = {},
          .country = "DE",
          .serial_number = given.serial};
}

expected<void> request(const opened& o, const options& given) {
  SMGW_TRY(const auto made, crypto::make_request(*o.keys, given.label, subject_of(o, given)));
  if (!given.out.empty()) return write_out(given.out, made);
  std::cout << crypto::to_pem("CERTIFICATE REQUEST", made);
  return {};
}

expected<void> renew(const opened& o, const options& given) {
  SMGW_TRY(const auto on, curve_of(given, *o.keys));
  SMGW_TRY(const auto begun, platform::begin_renewal(*o.keys, o.own, {subject_of(o, given), on}));
  const auto out = given.out.empty()
                       ? o.own.folder(begun.generation) / (begun.is_signed ? "requests.cms" : "requests.der")
                       : given.out;
  SMGW_CHECK(write_out(out, begun.package));
  std::cout << "keys of generation " << begun.generation << " are made; the package of their requests"
            << (begun.is_signed ? ", signed by the signature key in force," : "") << " is " << out.string()
            << "\nnext: hand it to the administrator, then smgw keys import CERTIFICATES\n";
  return {};
}

expected<void> import(const opened& o, const options& given) {
  std::vector<crypto::certificate> all;
  for (const auto& file : given.files) {
    SMGW_TRY(const auto content, platform::read_file(file));
    auto found = crypto::parse_certificates(content);
    if (!found) return fail(found.error().code, file.string() + ": " + found.error().what);
    std::ranges::move(*found, std::back_inserter(all));
  }
  SMGW_TRY(const auto report, platform::import_certificates(*o.keys, o.own, all, platform::system_clock_now()));
  for (const auto& taken : report.taken) std::cout << "generation " << report.generation << ": " << taken << "\n";
  for (const auto& missing : report.missing) std::cout << "still missing: " << missing << "\n";
  if (report.missing.empty())
    std::cout << (report.generation == 0 ? "the gateway can start\n"
                                         : "complete; in force once the gateway has reached a peer with them\n");
  return {};
}

expected<void> destroy(const opened& o, const options& given) {
  SMGW_CHECK(o.keys->destroy(given.label));
  std::cout << given.label << " is destroyed\n";
  return {};
}

}  // namespace

void add_keys(CLI::App& app, context& c) {
  const auto given = std::make_shared<options>();
  auto* keys = app.add_subcommand("keys", "the keys of the key store, and their certificates");
  keys->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, auto work) {
    auto* command = keys->add_subcommand(name, what);
    with_configuration(*command, c);
    command->callback([&c, given, work] {
      const auto store = open(c.configuration);
      const auto done = store ? work(*store, *given) : std::unexpected(store.error());
      if (!done) c.outcome = complain(done.error());
    });
    return command;
  };
  add("list", "print all keys and what certificates they have", [](const opened& o, const options& g) {
    return list(o, g.json);
  })->add_flag("--json", given->json, "print JSON");
  auto* making = add("generate", "make a key pair", generate);
  making->add_option("label", given->label, "printable ASCII without blanks")->required();
  making->add_option("--curve", given->curve,
                     "brainpoolP256r1, brainpoolP384r1, brainpoolP512r1, secp256r1, secp384r1");
  making->add_option("--purpose", given->purpose, "tls, signature, encryption or lmn")->capture_default_str();
  auto* asking = add("request", "print a PKCS#10 request for a key", request);
  asking->add_option("label", given->label)->required();
  auto* renewing = add("renew", "make new keys for the three certificates, and the package of their requests", renew);
  renewing->add_option("--curve", given->curve, "of the new keys (default: the store's first)");
  for (auto* command : {asking, renewing}) {
    command->add_option("--organisation", given->organisation, "O of the subject")->capture_default_str();
    command->add_option("--serial", given->serial, "serialNumber of the subject")->capture_default_str();
    command->add_option("-o,--out", given->out, "write to this file");
  }
  add("import", "take in certificates for the keys that were renewed", import)
      ->add_option("files", given->files, "PEM or DER; CA certificates too")
      ->required()
      ->check(CLI::ExistingFile);
  add("destroy", "destroy a key; this cannot be undone", destroy)->add_option("label", given->label)->required();
}

}  // namespace smgw::commands
