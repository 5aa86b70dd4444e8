// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/soft_key_file.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/aead.hpp"
#include "crypto/detail/botan.hpp"

#include <botan/pwdhash.h>
#include <botan/system_rng.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace smgw::crypto::detail {
namespace {

// header: magic, Argon2 memory in KiB, iterations (big-endian), salt; it is the AAD of the sealed rest.
constexpr std::string_view magic = "SMGWKEY1";
constexpr std::size_t header_size = 8 + 4 + 4 + 16;
constexpr std::size_t max_file_size = std::size_t{1} << 20;
constexpr std::uint32_t max_memory_kib = 1024 * 1024;
constexpr std::uint32_t max_iterations = 64;
constexpr std::size_t serial_size = 16;

expected<secret> derive(const secret& passphrase, const soft_key_store_options& o, bytes_view salt) {
  if (o.memory_kib > max_memory_kib || o.iterations > max_iterations)
    return fail(errc::exhausted, "key file: its Argon2 parameters ask for too much");
  if (o.memory_kib < 8 || o.iterations < 1) return fail(errc::malformed, "key file: Argon2 parameters");
  return guarded(errc::internal, "Argon2id", [&]() -> expected<secret> {
    const auto hash =
        Botan::PasswordHashFamily::create_or_throw("Argon2id")->from_params(o.memory_kib, o.iterations, 1);
    secret key{aead::key_size};
    hash->hash(key.writable(), as_text(passphrase.reveal()), salt);
    return key;
  });
}

bytes header_of(const soft_key_lock& lock) {
  bytes out;
  put(out, magic);
  put_be(out, lock.options.memory_kib);
  put_be(out, lock.options.iterations);
  put(out, lock.salt);
  return out;
}

expected<soft_key_record> read_record(bytes_view& in) {
  soft_key_record r;
  SMGW_TRY(const auto label_size, take_be<std::uint8_t>(in));
  SMGW_TRY(const auto label, take(in, label_size));
  r.label = as_text(label);
  SMGW_CHECK(check_label(r.label));
  SMGW_TRY(const auto on, take_be<std::uint8_t>(in));
  SMGW_TRY(const auto purpose, take_be<std::uint8_t>(in));
  if (on >= all_curves.size() || purpose > static_cast<std::uint8_t>(key_purpose::lmn))
    return fail(errc::malformed, "key file: curve or purpose");
  r.on = static_cast<curve>(on);
  r.purpose = static_cast<key_purpose>(purpose);
  SMGW_TRY(const auto scalar, take(in, field_size(r.on)));
  r.scalar = secret{scalar};
  return r;
}

expected<soft_key_content> read_content(bytes_view in) {
  soft_key_content out;
  SMGW_TRY(const auto storage, take(in, aead::key_size));
  out.storage_key = secret{storage};
  SMGW_TRY(const auto serial, take(in, serial_size));
  out.serial = as_text(serial);
  SMGW_TRY(const auto count, take_be<std::uint16_t>(in));
  if (count > max_keys) return fail(errc::exhausted, "key file: too many keys");
  for (std::size_t i = 0; i < count; ++i) {
    SMGW_TRY(auto record, read_record(in));
    out.keys.push_back(std::move(record));
  }
  if (!in.empty()) return fail(errc::malformed, "key file: more than its keys");
  return out;
}

std::unexpected<error> cannot(std::string_view what, const std::filesystem::path& file) {
  return fail(errc::unavailable,
              std::string{what} + " " + file.string() + ": " + std::generic_category().message(errno));
}

/// A file descriptor that closes itself.
struct descriptor {
  int fd;
  explicit descriptor(int f) : fd(f) {}
  ~descriptor() {
    if (fd >= 0) ::close(fd);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
};

expected<void> write_all(int fd, bytes_view content, const std::filesystem::path& file) {
  while (!content.empty()) {
    const auto n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return cannot("cannot write", file);
    content = content.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

expected<soft_key_lock> make_lock(const secret& passphrase, soft_key_store_options options) {
  soft_key_lock lock;
  lock.options = options;
  Botan::system_rng().randomize(lock.salt);
  SMGW_TRY(lock.key, derive(passphrase, options, lock.salt));
  return lock;
}

expected<opened_soft_keys> open_soft_keys(bytes_view file, const secret& passphrase) {
  bytes_view in = file;
  if (file.size() < header_size + aead::overhead) return fail(errc::malformed, "not a key file: too short");
  SMGW_TRY(const auto head, take(in, magic.size()));
  if (as_text(head) != magic) return fail(errc::malformed, "not a key file");
  opened_soft_keys out;
  SMGW_TRY(out.lock.options.memory_kib, take_be<std::uint32_t>(in));
  SMGW_TRY(out.lock.options.iterations, take_be<std::uint32_t>(in));
  SMGW_TRY(const auto salt, take(in, out.lock.salt.size()));
  std::ranges::copy(salt, out.lock.salt.begin());
  SMGW_TRY(out.lock.key, derive(passphrase, out.lock.options, salt));
  SMGW_TRY(auto cipher, aead::create(out.lock.key));
  auto plain = cipher.open(file.first(header_size), in);
  if (!plain) return fail(errc::untrusted, "wrong passphrase, or the key file was altered");
  auto content = read_content(*plain);
  wipe(*plain);
  SMGW_TRY(out.content, std::move(content));
  return out;
}

expected<bytes> seal_soft_keys(const soft_key_content& content, const soft_key_lock& lock) {
  bytes plain;
  plain.reserve(64 + content.keys.size() * 160);  // no reallocation, so no copy of a key stays behind
  put(plain, content.storage_key.reveal());
  put(plain, content.serial);
  put_be(plain, static_cast<std::uint16_t>(content.keys.size()));
  for (const auto& k : content.keys) {
    put_be(plain, static_cast<std::uint8_t>(k.label.size()));
    put(plain, k.label);
    plain.push_back(static_cast<std::uint8_t>(k.on));
    plain.push_back(static_cast<std::uint8_t>(k.purpose));
    put(plain, k.scalar.reveal());
  }
  auto out = header_of(lock);
  SMGW_TRY(auto cipher, aead::create(lock.key));
  auto sealed = cipher.seal(out, plain);
  wipe(plain);
  SMGW_TRY(const auto rest, std::move(sealed));
  put(out, rest);
  return out;
}

expected<bytes> read_whole_file(const std::filesystem::path& file) {
  const descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (in.fd < 0 && errno == ENOENT) return fail(errc::conflict, "no key file");
  if (in.fd < 0) return cannot("cannot open", file);
  bytes out;
  std::array<std::uint8_t, 4096> chunk{};
  for (;;) {
    const auto n = ::read(in.fd, chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot("cannot read", file);
    if (n == 0) return out;
    put(out, bytes_view{chunk}.first(static_cast<std::size_t>(n)));
    if (out.size() > max_file_size) return fail(errc::malformed, "not a key file: too long");
  }
}

expected<void> replace_file(const std::filesystem::path& file, bytes_view content) {
  auto beside = file;
  beside += ".new";
  {
    // A rest of an interrupted write may lie there with any mode: away with it, then create exclusively.
    ::unlink(beside.c_str());
    const descriptor out{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (out.fd < 0) return cannot("cannot create", beside);
    SMGW_CHECK(write_all(out.fd, content, beside));
    if (::fsync(out.fd) != 0) return cannot("cannot sync", beside);
  }
  if (::rename(beside.c_str(), file.c_str()) != 0) return cannot("cannot rename to", file);
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
  const descriptor dir{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (dir.fd < 0 || ::fsync(dir.fd) != 0) return cannot("cannot sync", folder);
  return {};
}

}  // namespace smgw::crypto::detail
