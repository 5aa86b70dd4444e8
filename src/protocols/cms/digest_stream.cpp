// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/digest_stream.hpp"

#include <botan/hash.h>

namespace smgw::cms {
namespace {

const char* name(digest d) {
  switch (d) {
    case digest::sha256: return "SHA-256";
    case digest::sha384: return "SHA-384";
    case digest::sha512: break;
  }
  return "SHA-512";
}

}  // namespace

struct digest_stream::state {
  std::unique_ptr<Botan::HashFunction> function;
};

digest_stream::digest_stream(digest d)
    : state_(std::make_unique<state>(Botan::HashFunction::create_or_throw(name(d)))) {}
digest_stream::~digest_stream() = default;
digest_stream::digest_stream(digest_stream&&) noexcept = default;
digest_stream& digest_stream::operator=(digest_stream&&) noexcept = default;
void digest_stream::update(bytes_view data) { state_->function->update(data); }
bytes digest_stream::finish() { return state_->function->final_stdvec(); }

}  // namespace smgw::cms
