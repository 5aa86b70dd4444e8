// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/tls_cache.hpp"

#include <algorithm>

namespace smgw::crypto {

tls_session_cache::tls_session_cache(std::size_t max_entries)
    : state_(std::make_shared<detail::tls_cache_state>(max_entries)) {}
tls_session_cache::~tls_session_cache() = default;

void tls_session_cache::clear() {
  const std::scoped_lock held{state_->lock};
  state_->entries.clear();
}

std::size_t tls_session_cache::size() const {
  const std::scoped_lock held{state_->lock};
  return state_->entries.size();
}

namespace detail {
namespace {

bytes id_of(const Botan::TLS::Session_Handle& handle) {
  const auto opaque = handle.opaque_handle();
  return {opaque.get().begin(), opaque.get().end()};
}

}  // namespace

void tls_session_manager::store(const Botan::TLS::Session& session, const Botan::TLS::Session_Handle& handle) {
  const std::scoped_lock held{cache_->lock};
  cache_->entries.push_front(
      {.partition = partition_, .handle = id_of(handle), .session = session, .lineage = lineage_});
  while (cache_->entries.size() > cache_->max_entries) cache_->entries.pop_back();
}

std::size_t tls_session_manager::remove(const Botan::TLS::Session_Handle& handle) {
  const std::scoped_lock held{cache_->lock};
  const auto id = id_of(handle);
  return cache_->entries.remove_if([&](const auto& e) { return e.partition == partition_ && e.handle == id; });
}

std::size_t tls_session_manager::remove_all() {
  const std::scoped_lock held{cache_->lock};
  return cache_->entries.remove_if([&](const auto& e) { return e.partition == partition_; });
}

std::optional<Botan::TLS::Session> tls_session_manager::retrieve_one(const Botan::TLS::Session_Handle& handle) {
  const std::scoped_lock held{cache_->lock};
  const auto id = id_of(handle);
  std::erase_if(cache_->entries, [&](const auto& e) { return e.partition == partition_ && over(*e.lineage); });
  const auto it =
      std::ranges::find_if(cache_->entries, [&](const auto& e) { return e.partition == partition_ && e.handle == id; });
  if (it == cache_->entries.end()) return std::nullopt;
  candidate_ = it->lineage;
  return it->session;
}

std::vector<Botan::TLS::Session_with_Handle> tls_session_manager::find_some(const Botan::TLS::Server_Information&,
                                                                            std::size_t) {
  const std::scoped_lock held{cache_->lock};
  std::erase_if(cache_->entries, [&](const auto& e) { return e.partition == partition_ && over(*e.lineage); });
  const auto it = std::ranges::find(cache_->entries, partition_, &tls_cache_state::entry::partition);
  if (it == cache_->entries.end()) return {};
  candidate_ = it->lineage;
  // As a session id where it can be one: the library removes tickets when it hands them out, but keeps ids.
  const bool is_12 = it->session.version().is_pre_tls_13();
  const bool is_id = is_12 && it->handle.size() <= 32;
  Botan::TLS::Session_Handle handle = is_id ? Botan::TLS::Session_Handle{Botan::TLS::Session_ID{it->handle}}
                                      : is_12
                                          ? Botan::TLS::Session_Handle{Botan::TLS::Session_Ticket{it->handle}}
                                          : Botan::TLS::Session_Handle{Botan::TLS::Opaque_Session_Handle{it->handle}};
  return {Botan::TLS::Session_with_Handle{.session = it->session, .handle = std::move(handle)}};
}

}  // namespace detail
}  // namespace smgw::crypto
