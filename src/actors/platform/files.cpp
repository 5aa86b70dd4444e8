// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/files.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <system_error>

namespace smgw::platform {

namespace fs = std::filesystem;

expected<bytes> read_file(const fs::path& file, std::size_t limit) {
  std::error_code failure;
  const auto size = fs::file_size(file, failure);
  if (failure) return fail(errc::unavailable, file.string() + ": " + failure.message());
  if (size > limit) return fail(errc::exhausted, file.string() + ": larger than " + std::to_string(limit) + " octets");
  std::ifstream in(file, std::ios::binary);
  bytes content(static_cast<std::size_t>(size));
  if (!in.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(content.size())))
    return fail(errc::unavailable, file.string() + ": cannot be read");
  return content;
}

expected<std::map<std::string, std::string>> read_profiles(const fs::path& folder) {
  std::map<std::string, std::string> documents;
  std::error_code failure;
  fs::recursive_directory_iterator walk(folder, failure);
  if (failure) return fail(errc::unavailable, folder.string() + ": " + failure.message());
  for (const auto end = fs::recursive_directory_iterator(); walk != end; walk.increment(failure)) {
    if (failure) return fail(errc::unavailable, folder.string() + ": " + failure.message());
    if (!walk->is_regular_file() || walk->path().extension() != ".json") continue;
    if (documents.size() == profile::max_profiles)
      return fail(errc::exhausted,
                  folder.string() + ": more than " + std::to_string(profile::max_profiles) + " profiles");
    SMGW_TRY(const auto content, read_file(walk->path(), profile::max_document));
    documents.emplace(fs::relative(walk->path(), folder).generic_string(), std::string(as_text(content)));
  }
  if (documents.empty()) return fail(errc::unavailable, folder.string() + ": no profiles (files ending in .json) here");
  return documents;
}

expected<void> replace_file(const fs::path& file, bytes_view content) {
  const auto beside = file.string() + ".new";
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return fail(errc::unavailable, beside + ": cannot be written");
  const bool written =
      ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(beside.c_str(), file.c_str()) != 0)
    return fail(errc::unavailable, file.string() + ": cannot be written");
  return {};
}

expected<profile::loaded> load_profiles(const fs::path& folder) {
  SMGW_TRY(const auto documents, read_profiles(folder));
  return profile::load(documents);
}

}  // namespace smgw::platform
