// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
// src/web/dist is committed, so that a build needs neither Node.js nor a registry: this says when it is not current.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, check, installed, noted, sources } from '../../src/web/build.mjs';

const fail = (why) => {
  console.log(`${why}: run './dev web' and commit src/web/dist and src/web/dist.sha256`);
  process.exit(1);
};

if (noted() !== sources()) fail('src/web/dist was built from other sources');
console.log('src/web/dist was built from these sources');

if (installed()) {
  check();
  const dist = fileURLToPath(new URL('../../src/web/dist', import.meta.url));
  const fresh = mkdtempSync(join(tmpdir(), 'smgw-web-'));
  try {
    build(fresh);
    const names = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
      .map((e) => join(e.parentPath ?? e.path, e.name).slice(folder.length)).sort();
    if (names(dist).join() !== names(fresh).join()) fail('a fresh build has other files');
    for (const name of names(dist))
      if (!readFileSync(dist + name).equals(readFileSync(fresh + name))) fail(`a fresh build has another ${name}`);
  } finally {
    rmSync(fresh, { recursive: true });
  }
  console.log('a fresh build is the same, octet for octet');
}
