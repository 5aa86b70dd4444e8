// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Every typed handle, one line per handler: the architecture, a short page a realm. Roles stand in CAPITALS.
/// Start order is the order of these pages: each actor may hold handles of those above it, never of those below.
/// An actor includes only the realms that it speaks to.

#include "actors/interfaces/common.hpp"
#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/han.hpp"
#include "actors/interfaces/io.hpp"
#include "actors/interfaces/lmn.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/interfaces/platform.hpp"
#include "actors/interfaces/wan.hpp"
