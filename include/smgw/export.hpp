// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What the library shows. Everything without this mark stays inside: libsmgw.so exports names of this folder only.

#define SMGW_API __attribute__((visibility("default")))
