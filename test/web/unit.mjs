// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
// Runs the unit tests of the page (test/web/unit) with Vitest.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { needPackages } from './packages.mjs';

needPackages();
const web = fileURLToPath(new URL('../../src/web', import.meta.url));
const vitest = `${web}/node_modules/vitest/vitest.mjs`;
process.exit(spawnSync(process.execPath, [vitest, 'run', '--config', `${web}/vite.config.ts`], { cwd: web, stdio: 'inherit' }).status ?? 1);
