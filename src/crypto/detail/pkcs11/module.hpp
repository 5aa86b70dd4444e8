// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A vendor's PKCS#11 library, loaded at run time, and what its answers mean.

#include <smgw/types.hpp>

#include <p11-kit/pkcs11.h>

#include <filesystem>
#include <memory>

namespace smgw::crypto::pkcs11 {

/// The answer's name and what follows from it: a token that is gone is unavailable, a wrong PIN denied, a key that is
/// not there conflict, no room exhausted, what the token cannot do unsupported, the rest internal.
[[nodiscard]] error fault(CK_RV answer, std::string_view call);
[[nodiscard]] inline expected<void> check(CK_RV answer, std::string_view call) {
  if (answer == CKR_OK) return {};
  return std::unexpected(fault(answer, call));
}
/// The session, the login or the token is gone: what follows has to begin anew.
[[nodiscard]] bool session_is_lost(CK_RV answer) noexcept;

/// A library that is loaded and initialised. One per file and process, shared by all who use it.
class module {
 public:
  /// unavailable: no such file, or not a PKCS#11 library.
  [[nodiscard]] static expected<std::shared_ptr<module>> load(const std::filesystem::path& file);
  ~module();
  module(const module&) = delete;
  module& operator=(const module&) = delete;

  [[nodiscard]] const CK_FUNCTION_LIST& call() const noexcept { return *functions_; }

 private:
  explicit module(CK_FUNCTION_LIST* functions) noexcept : functions_(functions) {}
  CK_FUNCTION_LIST* functions_;
};

}  // namespace smgw::crypto::pkcs11
