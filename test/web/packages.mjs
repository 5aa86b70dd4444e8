// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
// npm's packages for the tests of the page; where they are missing, the test says so and does not count.
import { createRequire } from 'node:module';

import { installed } from '../../src/web/build.mjs';

/** Ends the process with 77 (ctest: skipped), or in CI with 1, where there are none. */
export function needPackages() {
  if (installed()) return;
  console.log("the packages of src/web/package-lock.json are not installed: run './dev web' with the registry in reach");
  process.exit(process.env.CI ? 1 : 77);
}

export const packages = createRequire(new URL('../../src/web/package.json', import.meta.url));
