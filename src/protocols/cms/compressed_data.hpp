// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/cms/suite.hpp"

namespace smgw::cms {

/// CompressedData of RFC 3274 around id-data with zlib framing (REQ.CMS.CompressedData.10; suite CMS_ZLIB).
/// Without a ContentInfo: as an inner level has it.
/// With `fill_to`, the zlib stream gets empty deflate blocks until its size is a multiple of it: every reader inflates
/// the same content, and the size of the message does not follow the values in it (PP-0073 FPR_CON.1).
[[nodiscard]] expected<bytes> compress(bytes_view content, std::size_t fill_to = 0);
/// The inverse. malformed; unsupported (another algorithm or inner type); exhausted (inflates to more than `limit`).
[[nodiscard]] expected<bytes> decompress(bytes_view compressed_data, std::size_t limit = max_message);

}  // namespace smgw::cms
