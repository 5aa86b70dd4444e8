// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/kept.hpp"

#include <algorithm>

namespace smgw::crypto::detail {

Botan::X509_Certificate kept_certificates::get(const certificate& c) {
  const std::scoped_lock held{lock_};
  if (const auto it = by_der_.find(c.der); it != by_der_.end()) return it->second;
  // Rare: after as many certificates as that, those in use are parsed once more.
  if (by_der_.size() >= most) by_der_.clear();
  return by_der_.emplace(c.der, Botan::X509_Certificate{c.der.data(), c.der.size()}).first->second;
}

sha256_digest kept_signatures::name(bytes_view signed_object, curve on, bytes_view public_point) {
  // The key's length follows from the curve, so that one input has one meaning.
  hasher h{hash::sha256};
  h.update(bytes{static_cast<std::uint8_t>(on)});
  h.update(public_point);
  h.update(signed_object);
  sha256_digest out{};
  std::ranges::copy(h.finish(), out.begin());
  return out;
}

bool kept_signatures::contains(const sha256_digest& name) {
  const std::scoped_lock held{lock_};
  return good_.contains(name);
}

void kept_signatures::add(const sha256_digest& name) {
  const std::scoped_lock held{lock_};
  if (good_.size() >= most) good_.clear();
  good_.insert(name);
}

std::unique_ptr<Botan::PK_Verifier> kept_verifiers::take(const entry& like) {
  const std::scoped_lock held{lock_};
  const auto it = std::ranges::find_if(
      idle_, [&](const entry& e) { return e.key == like.key && e.padding == like.padding && e.format == like.format; });
  if (it == idle_.end()) return nullptr;
  auto found = std::move(it->verifier);
  idle_.erase(it);
  return found;
}

void kept_verifiers::put_back(entry used) {
  const std::scoped_lock held{lock_};
  idle_.push_front(std::move(used));
  while (idle_.size() > most) idle_.pop_back();
}

bool kept_verifiers::verify(const Botan::Public_Key& key, std::string_view padding, Botan::Signature_Format format,
                            bytes_view message, bytes_view signature) {
  entry wanted{.key = key.subject_public_key(), .padding = std::string(padding), .format = format, .verifier = {}};
  wanted.verifier = take(wanted);
  if (!wanted.verifier) wanted.verifier = std::make_unique<Botan::PK_Verifier>(key, padding, format);
  const bool good = wanted.verifier->verify_message(message, signature);
  put_back(std::move(wanted));
  return good;
}

kept_certificates& known_certificates() {
  static kept_certificates all;
  return all;
}
kept_signatures& known_signatures() {
  static kept_signatures all;
  return all;
}
kept_verifiers& known_verifiers() {
  static kept_verifiers all;
  return all;
}

}  // namespace smgw::crypto::detail
