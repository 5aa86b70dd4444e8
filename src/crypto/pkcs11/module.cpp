// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/pkcs11/module.hpp"

#include "base/check.hpp"

#include <dlfcn.h>

#include <array>
#include <format>
#include <map>
#include <mutex>

namespace smgw::crypto::pkcs11 {
namespace {

struct meaning {
  CK_RV answer;
  std::string_view name;
  errc code;
};
/// PKCS#11 2.40, 5.1: those that a gateway meets; the others are the token's own faults.
constexpr std::array meanings{
    meaning{CKR_HOST_MEMORY, "HOST_MEMORY", errc::exhausted},
    meaning{CKR_DEVICE_MEMORY, "DEVICE_MEMORY", errc::exhausted},
    meaning{CKR_SESSION_COUNT, "SESSION_COUNT", errc::exhausted},
    meaning{CKR_DEVICE_REMOVED, "DEVICE_REMOVED", errc::unavailable},
    meaning{CKR_TOKEN_NOT_PRESENT, "TOKEN_NOT_PRESENT", errc::unavailable},
    meaning{CKR_TOKEN_NOT_RECOGNIZED, "TOKEN_NOT_RECOGNIZED", errc::unavailable},
    meaning{CKR_DEVICE_ERROR, "DEVICE_ERROR", errc::unavailable},
    meaning{CKR_SLOT_ID_INVALID, "SLOT_ID_INVALID", errc::unavailable},
    meaning{CKR_SESSION_HANDLE_INVALID, "SESSION_HANDLE_INVALID", errc::unavailable},
    meaning{CKR_SESSION_CLOSED, "SESSION_CLOSED", errc::unavailable},
    meaning{CKR_USER_NOT_LOGGED_IN, "USER_NOT_LOGGED_IN", errc::unavailable},
    meaning{CKR_CRYPTOKI_NOT_INITIALIZED, "CRYPTOKI_NOT_INITIALIZED", errc::unavailable},
    meaning{CKR_PIN_INCORRECT, "PIN_INCORRECT", errc::denied},
    meaning{CKR_PIN_INVALID, "PIN_INVALID", errc::denied},
    meaning{CKR_PIN_LEN_RANGE, "PIN_LEN_RANGE", errc::denied},
    meaning{CKR_PIN_LOCKED, "PIN_LOCKED", errc::denied},
    meaning{CKR_PIN_EXPIRED, "PIN_EXPIRED", errc::denied},
    meaning{CKR_USER_PIN_NOT_INITIALIZED, "USER_PIN_NOT_INITIALIZED", errc::denied},
    meaning{CKR_TOKEN_WRITE_PROTECTED, "TOKEN_WRITE_PROTECTED", errc::denied},
    meaning{CKR_KEY_FUNCTION_NOT_PERMITTED, "KEY_FUNCTION_NOT_PERMITTED", errc::denied},
    meaning{CKR_ATTRIBUTE_SENSITIVE, "ATTRIBUTE_SENSITIVE", errc::denied},
    meaning{CKR_MECHANISM_INVALID, "MECHANISM_INVALID", errc::unsupported},
    meaning{CKR_FUNCTION_NOT_SUPPORTED, "FUNCTION_NOT_SUPPORTED", errc::unsupported},
    meaning{CKR_DOMAIN_PARAMS_INVALID, "DOMAIN_PARAMS_INVALID", errc::unsupported},
    meaning{CKR_CURVE_NOT_SUPPORTED, "CURVE_NOT_SUPPORTED", errc::unsupported},
    meaning{CKR_ENCRYPTED_DATA_INVALID, "ENCRYPTED_DATA_INVALID", errc::untrusted},
    meaning{CKR_ENCRYPTED_DATA_LEN_RANGE, "ENCRYPTED_DATA_LEN_RANGE", errc::untrusted},
    meaning{CKR_FUNCTION_FAILED, "FUNCTION_FAILED", errc::internal},
    meaning{CKR_GENERAL_ERROR, "GENERAL_ERROR", errc::internal},
};

/// The shared objects that are in use, by file. PKCS#11 is initialised once per process and library.
struct registry {
  std::mutex lock;
  std::map<std::filesystem::path, std::weak_ptr<module>> loaded;
};
registry& modules() {
  static registry all;
  return all;
}

}  // namespace

error fault(CK_RV answer, std::string_view call) {
  for (const auto& m : meanings)
    if (m.answer == answer) return {m.code, std::format("PKCS#11 token: {}: {}", call, m.name)};
  return {errc::internal, std::format("PKCS#11 token: {}: answer 0x{:08x}", call, answer)};
}

bool session_is_lost(CK_RV answer) noexcept { return answer != CKR_OK && fault(answer, "").code == errc::unavailable; }

module::~module() { functions_->C_Finalize(nullptr); }

expected<std::shared_ptr<module>> module::load(const std::filesystem::path& file) {
  const std::scoped_lock held{modules().lock};
  if (auto there = modules().loaded[file].lock()) return there;
  // Never unloaded: libraries with threads or exit handlers of their own do not survive that.
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe)
    return fail(errc::unavailable, "PKCS#11 module: " + std::string(why != nullptr ? why : file.string()));
  }
  const auto entry = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  if (entry == nullptr || entry(&functions) != CKR_OK || functions == nullptr)
    return fail(errc::unavailable, "PKCS#11 module: " + file.string() + " has no C_GetFunctionList");
  CK_C_INITIALIZE_ARGS how{};
  how.flags = CKF_OS_LOCKING_OK;
  const auto answer = functions->C_Initialize(&how);
  if (answer != CKR_CRYPTOKI_ALREADY_INITIALIZED) SMGW_CHECK(check(answer, "C_Initialize"));
  std::shared_ptr<module> made(new module(functions));
  modules().loaded[file] = made;
  return made;
}

}  // namespace smgw::crypto::pkcs11
