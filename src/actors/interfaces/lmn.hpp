// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Towards the meters.

#include "actors/messages/common.hpp"
#include "actors/messages/io.hpp"
#include "actors/messages/lmn.hpp"

namespace smgw {

/// LINK: bytes of one port to telegrams of its meters; opens the port and opens it again.
using link_actor = interface<hears<wire_bytes>, hears<wire_closed>, answers<query_status, status_report>,
                             answers<query_heard, heard_list>, hears<wake>>;
/// SCAN: asks all links whom they hear.
using scan_actor = interface<answers<query_heard, heard_list>>;

}  // namespace smgw
