// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The gateway's own three certificates on disk, in generations: those in force, those that are to follow once they
/// have worked, and those before, kept as the way back (TR-03109-4: renewal). Generation 0 lies in the folder itself,
/// later ones in folders named by their number; their keys' labels end in the same number.
///
///   certificates/{tls,sig,enc}.pem      generation 0
///   certificates/3/{tls,sig,enc}.pem    generation 3, keys gw_wan_tls.3, …
///   certificates/current, next          the number in force; the number that is complete and waits

#include <smgw/types.hpp>

#include <array>
#include <filesystem>
#include <optional>
#include <string>

namespace smgw::platform {

class own_certificates {
 public:
  /// Files and key labels of the three uses, in the order TLS, signature, encryption.
  static constexpr std::array<std::string_view, 3> files{"tls.pem", "sig.pem", "enc.pem"};

  explicit own_certificates(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// In force; 0 where nothing tells another.
  [[nodiscard]] unsigned current() const;
  /// Complete, and to be tried; nothing if none waits.
  [[nodiscard]] std::optional<unsigned> next() const;
  /// Where a new generation is being put together: one that was begun and is not complete, else a new number. 0 for a
  /// gateway without any certificate.
  [[nodiscard]] unsigned pending() const;
  [[nodiscard]] std::filesystem::path folder(unsigned generation) const;
  [[nodiscard]] bool complete(unsigned generation) const;
  /// `base` is the label of generation 0.
  [[nodiscard]] static std::string label(std::string_view base, unsigned generation);

  /// A complete generation waits from now on. conflict: it is not complete.
  [[nodiscard]] expected<void> offer(unsigned generation) const;
  /// The generation that waits has worked: it is in force. conflict: none waits.
  [[nodiscard]] expected<void> promote() const;
  /// The one that waits did not work: it stays on disk, but is not tried again.
  [[nodiscard]] expected<void> withdraw() const;

 private:
  [[nodiscard]] std::optional<unsigned> number_in(std::string_view file) const;
  std::filesystem::path folder_;
};

}  // namespace smgw::platform
