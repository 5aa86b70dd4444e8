// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

namespace smgw::http {

/// MD5, for digest logins of clients that have no SHA-256 and for nothing else (REQ.BenutzerAuth.Allgemein.30).
[[nodiscard]] bytes md5(bytes_view data);

}  // namespace smgw::http
