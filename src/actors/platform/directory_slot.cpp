// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/directory_slot.hpp"

#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace smgw::platform {
namespace {

namespace fs = std::filesystem;

std::unexpected<error> trouble(const fs::path& file) {
  const int code = errno;
  return fail(code == ENOSPC ? errc::exhausted : errc::unavailable,
              file.string() + ": " + std::generic_category().message(code));
}

/// Everything written and on the disk, or an error.
expected<void> write_all(const fs::path& file, bytes_view data, int flags) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (fd < 0) return trouble(file);
  const auto n = ::write(fd, data.data(), data.size());
  const bool good = n == static_cast<ssize_t>(data.size()) && ::fsync(fd) == 0;
  expected<void> result;
  if (!good) result = trouble(file);
  ::close(fd);
  return result;
}

}  // namespace

expected<std::unique_ptr<update_slot>> directory_slot::open(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) return fail(errc::unavailable, folder.string() + ": " + failure.message());
  std::unique_ptr<directory_slot> made(new directory_slot(folder));
  SMGW_CHECK(made->boot());
  return std::unique_ptr<update_slot>(std::move(made));
}

expected<void> directory_slot::boot() {
  std::ifstream in(folder_ / "boot");
  std::string word, first, after, old;
  in >> word >> first >> after >> old;
  const auto is_slot = [](const std::string& s) { return s == "a" || s == "b"; };
  if (!in.is_open() || word.empty()) return write_boot();
  if (is_slot(word)) {
    running_ = word.front();
    return {};
  }
  if ((word != "next" && word != "trial") || !is_slot(first) || !is_slot(old))
    return fail(errc::malformed, (folder_ / "boot").string() + ": not one of 'a', 'next b after a', 'trial b after a'");
  const bool starts = word == "next";
  running_ = starts ? first.front() : old.front();
  state_ = starts ? slot_state::trial : slot_state::settled;
  return write_boot();
}

/// Written beside and renamed: after a crash it says the one or the other.
expected<void> directory_slot::write_boot() {
  const auto running = std::string(1, running_), next = std::string(1, other());
  const auto text = state_ == slot_state::settled  ? running
                    : state_ == slot_state::staged ? "next " + next + " after " + running
                                                   : "trial " + running + " after " + next;
  return replace_file(folder_ / "boot", as_bytes(text));
}

expected<std::uint64_t> directory_slot::size() {
  std::error_code failure;
  const auto n = fs::file_size(image(), failure);
  return failure ? std::uint64_t{0} : n;
}

expected<void> directory_slot::clear() {
  // On trial the other slot holds what is fallen back to.
  if (state_ != slot_state::settled) return fail(errc::conflict, "an image is staged or on trial");
  std::error_code failure;
  fs::remove(image(), failure);
  if (failure) return fail(errc::unavailable, image().string() + ": " + failure.message());
  return {};
}

expected<void> directory_slot::append(bytes_view data) {
  if (state_ != slot_state::settled) return fail(errc::conflict, "an image is staged or on trial");
  return write_all(image(), data, O_APPEND);
}

expected<bytes> directory_slot::read(std::uint64_t offset, std::size_t most) {
  std::ifstream in(image(), std::ios::binary);
  if (!in.seekg(static_cast<std::streamoff>(offset))) return fail(errc::unavailable, image().string() + ": no image");
  bytes out(most);
  in.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(most));
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

expected<void> directory_slot::activate() {
  if (state_ != slot_state::settled) return fail(errc::conflict, "an image is staged or on trial");
  state_ = slot_state::staged;
  return write_boot();
}

expected<void> directory_slot::confirm() {
  if (state_ != slot_state::trial) return fail(errc::conflict, "nothing is on trial");
  state_ = slot_state::settled;
  return write_boot();
}

expected<void> directory_slot::roll_back() {
  if (state_ == slot_state::settled) return fail(errc::conflict, "nothing is staged or on trial");
  // A staged image has not run yet; one on trial runs until the next start, which is the old one's.
  if (state_ == slot_state::trial) running_ = other();
  state_ = slot_state::settled;
  return write_boot();
}

}  // namespace smgw::platform
