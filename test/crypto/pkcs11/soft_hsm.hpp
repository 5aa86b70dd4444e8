// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// SoftHSM2 with tokens of its own, in a folder that goes with the object. One at a time: a process has one SoftHSM.

#include "base/octets.hpp"
#include "crypto/pkcs11/key_store.hpp"
#include "crypto/scratch.hpp"

#include <cstdlib>

namespace smgw::crypto::test {

struct soft_hsm {
  scratch folder;

  soft_hsm() {
    std::filesystem::create_directory(folder / "tokens");
    folder.write("softhsm2.conf", "directories.tokendir = " + (folder / "tokens") + "\nlog.level = ERROR\n");
    folder.write("pin", "4711\n");
    ::setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  }
  void make_token(const std::string& label) const {
    const auto [code, text] = run("softhsm2-util --init-token --free --so-pin 0815 --pin 4711 --label " + label);
    INFO(text);
    REQUIRE(code == 0);
  }
  [[nodiscard]] static std::filesystem::path library() {
    for (const auto* path : {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"})
      if (std::filesystem::exists(path)) return path;
    FAIL("SoftHSM2 is not installed");
    return {};
  }
  /// As a line of the gateway's profile.
  [[nodiscard]] std::string line(const std::string& token) const {
    return "pkcs11:token=" + token + "?module-path=" + library().string() + "&pin-source=" + (folder / "pin");
  }
  [[nodiscard]] pkcs11::address address(std::string token) const {
    return {.module_path = library(), .token = std::move(token), .serial = {}, .pin_source = folder / "pin"};
  }
};

inline secret pin(std::string_view digits) { return secret{as_bytes(digits)}; }

}  // namespace smgw::crypto::test
