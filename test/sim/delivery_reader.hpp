// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "emt.hpp"
#include "protocols/http/message.hpp"

namespace smgw::sim {

/// What a market participant does with a POST: verifies the gateway's signature, decrypts with its own key, inflates
/// and reads the document. The errors say what is wrong with the message.
[[nodiscard]] expected<received_delivery> read_delivery(const http::request& request, const party& self,
                                                        const std::vector<crypto::certificate>& gateway_signers);

}  // namespace smgw::sim
