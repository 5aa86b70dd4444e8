// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>

namespace smgw::test {

/// A disk of a few MiB, in a mount namespace that a child process holds: an ordinary user may make one, and it is gone
/// with the object. Everyone reaches it through the child's view of the file system.
class small_disk {
 public:
  /// Nothing where the system forbids user namespaces.
  [[nodiscard]] static std::optional<small_disk> make(std::size_t mebibytes);
  ~small_disk();
  small_disk(small_disk&& other) noexcept;
  small_disk& operator=(small_disk&&) = delete;

  [[nodiscard]] std::filesystem::path path() const;
  /// Takes all the space that is left, to the last octet; gives it back.
  void fill() const;
  void free() const;

 private:
  small_disk(pid_t holder, int end) : holder_(holder), end_(end) {}
  pid_t holder_ = -1;
  int end_ = -1;  ///< closing it ends the holder
};

}  // namespace smgw::test
