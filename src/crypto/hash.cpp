// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/hash.hpp"

#include "crypto/detail/botan.hpp"

#include <botan/hash.h>

#include <algorithm>

namespace smgw::crypto {
namespace {

std::unique_ptr<Botan::HashFunction> make(hash h) { return Botan::HashFunction::create_or_throw(to_string(h)); }

}  // namespace

bytes digest(hash h, bytes_view data) { return make(h)->process<bytes>(data); }

sha256_digest sha256(bytes_view data) {
  const auto computed = digest(hash::sha256, data);
  sha256_digest out{};
  std::ranges::copy(computed, out.begin());
  return out;
}
bytes sha384(bytes_view data) { return digest(hash::sha384, data); }
bytes sha512(bytes_view data) { return digest(hash::sha512, data); }

struct hasher::impl {
  std::unique_ptr<Botan::HashFunction> function;
};

hasher::hasher(hash h) : impl_(std::make_unique<impl>(make(h))) {}
hasher::~hasher() = default;
hasher::hasher(hasher&&) noexcept = default;
hasher& hasher::operator=(hasher&&) noexcept = default;
void hasher::update(bytes_view data) { impl_->function->update(data); }
bytes hasher::finish() { return impl_->function->final_stdvec(); }

}  // namespace smgw::crypto
