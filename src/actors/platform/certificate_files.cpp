// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/certificate_files.hpp"

#include "actors/platform/files.hpp"
#include "base/check.hpp"

namespace smgw::platform {

expected<std::vector<crypto::certificate>> read_certificates(const std::filesystem::path& file,
                                                             std::string_view whose) {
  SMGW_TRY(const auto content, read_file(file));
  auto parsed = crypto::parse_certificates(content);
  if (!parsed) return fail(parsed.error().code, std::string(whose) + ": " + file.string() + ": " + parsed.error().what);
  return parsed;
}

expected<std::vector<crypto::certificate>> certificates(const configuration& told, const std::string& file,
                                                        std::string_view whose) {
  const auto found = told.certificates.find(file);
  if (found == told.certificates.end())
    return fail(errc::unavailable, std::string(whose) + ": there is no certificate " + file + " beside the profiles");
  auto parsed = crypto::parse_certificates(found->second);
  if (!parsed) return fail(parsed.error().code, std::string(whose) + ": " + file + ": " + parsed.error().what);
  return parsed;
}

}  // namespace smgw::platform
