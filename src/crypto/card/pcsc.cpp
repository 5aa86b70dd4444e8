// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "crypto/card/apdu.hpp"
#include "crypto/card/link.hpp"

#include <winscard.h>

#include <vector>

namespace smgw::crypto::card {
namespace {

error fault_of(LONG code, const std::string& what) {
  return {errc::unavailable, "card: " + what + ": " + pcsc_stringify_error(code)};
}

/// The service's context; readers and cards belong to it.
class context {
 public:
  static expected<std::unique_ptr<context>> establish() {
    auto made = std::make_unique<context>();
    if (const auto code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &made->handle);
        code != SCARD_S_SUCCESS)
      return std::unexpected(fault_of(code, "no PC/SC service (is pcscd running?)"));
    return made;
  }
  context() = default;
  ~context() {
    if (handle != 0) SCardReleaseContext(handle);
  }
  context(const context&) = delete;
  context& operator=(const context&) = delete;

  [[nodiscard]] expected<std::vector<std::string>> readers() const {
    DWORD size = 0;
    auto code = SCardListReaders(handle, nullptr, nullptr, &size);
    if (code != SCARD_S_SUCCESS) return std::unexpected(fault_of(code, "no reader"));
    std::string names(size, '\0');
    code = SCardListReaders(handle, nullptr, names.data(), &size);
    if (code != SCARD_S_SUCCESS) return std::unexpected(fault_of(code, "no reader"));
    std::vector<std::string> list;
    for (std::size_t at = 0; at < names.size() && names[at] != '\0'; at += list.back().size() + 1)
      list.emplace_back(names.c_str() + at);
    return list;
  }

  SCARDCONTEXT handle = 0;
};

class reader_link final : public link {
 public:
  reader_link(std::unique_ptr<context> service, SCARDHANDLE card, DWORD protocol)
      : service_(std::move(service)), card_(card), protocol_(protocol) {}
  /// The card is reset: its secure session and ephemeral keys end with us.
  ~reader_link() override { SCardDisconnect(card_, SCARD_RESET_CARD); }
  reader_link(const reader_link&) = delete;
  reader_link& operator=(const reader_link&) = delete;

  expected<bytes> transmit(bytes_view apdu) override {
    bytes answer(max_data + 2);
    DWORD size = answer.size();
    const auto* header = protocol_ == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    const auto code = SCardTransmit(card_, header, apdu.data(), apdu.size(), nullptr, answer.data(), &size);
    if (code != SCARD_S_SUCCESS) return std::unexpected(fault_of(code, "no answer"));
    answer.resize(size);
    return answer;
  }

 private:
  std::unique_ptr<context> service_;
  SCARDHANDLE card_;
  DWORD protocol_;
};

}  // namespace

expected<std::unique_ptr<link>> open_reader(const std::string& reader) {
  SMGW_TRY(auto service, context::establish());
  SMGW_TRY(const auto names, service->readers());
  error last{errc::unavailable, "card: there is no reader '" + reader + "'"};
  for (const auto& name : names) {
    if (!name.starts_with(reader)) continue;
    SCARDHANDLE card = 0;
    DWORD protocol = 0;
    const auto code = SCardConnect(service->handle, name.c_str(), SCARD_SHARE_EXCLUSIVE,
                                   SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol);
    if (code == SCARD_S_SUCCESS) return std::make_unique<reader_link>(std::move(service), card, protocol);
    last = fault_of(code, name);
  }
  return std::unexpected(last);
}

}  // namespace smgw::crypto::card
