// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
// Builds the page: checks its types, makes dist/, and notes in dist.sha256 from which sources. `./dev web` calls it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const aside = /^(dist|node_modules)(\/|$)|^dist\.sha256$|^headers\.json$|\.[ch]pp$/;

/** Whether the packages of this very lock file are installed (`./dev` leaves the mark). */
export function installed() {
  const lock = createHash('sha256').update(readFileSync(here('package-lock.json'))).digest('hex').slice(0, 12);
  return existsSync(here(`node_modules/.lock-${lock}`));
}

/** A hash over names and octets of everything that dist/ is made from. */
export function sources() {
  const hash = createHash('sha256');
  const files = readdirSync(here('.'), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => `${e.parentPath ?? e.path}/${e.name}`.slice(here('.').length).replace(/^\/+/, ''))
    .filter((name) => !aside.test(name))
    .sort();
  for (const name of files) hash.update(`${name}\0`).update(readFileSync(here(name))).update('\0');
  return hash.digest('hex');
}

const run = (tool, ...args) => execFileSync(process.execPath, [here(`node_modules/${tool}`), ...args], { cwd: here('.'), stdio: 'inherit' });

export const check = () => run('typescript/bin/tsc', '--noEmit');
export const build = (out) => run('vite/bin/vite.js', 'build', '--logLevel', 'warn', '--outDir', out);
export const noted = () => readFileSync(here('dist.sha256'), 'utf8').trim();

if (process.argv[1] === here('build.mjs')) {
  check();
  build('dist');
  writeFileSync(here('dist.sha256'), `${sources()}\n`);
}
