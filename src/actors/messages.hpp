// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Every message of the gateway, one sentence each, by realm. None leaves the process.

#include "actors/messages/common.hpp"
#include "actors/messages/han.hpp"
#include "actors/messages/io.hpp"
#include "actors/messages/keys.hpp"
#include "actors/messages/ledger.hpp"
#include "actors/messages/lmn.hpp"
#include "actors/messages/metering.hpp"
#include "actors/messages/platform.hpp"
#include "actors/messages/store.hpp"
#include "actors/messages/wan.hpp"
