// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
// The built page in Debian's Chromium against the made-up household of fixture/: what people see, hear and can do.
// Pictures of every part are left in $SMGW_WEB_PICTURES.
import { needPackages } from './packages.mjs';

needPackages();
await import('./browser/appearance.mjs');
await import('./browser/use.mjs');
await import('./browser/faults.mjs');
