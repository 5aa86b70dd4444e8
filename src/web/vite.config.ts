// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import { readFileSync } from 'node:fs';

import { defineConfig } from 'vitest/config';

// The licence of what is built in goes where the code goes.
const licences = {
  name: 'licences',
  generateBundle(this: { emitFile(f: { type: 'asset'; fileName: string; source: string }): void }): void {
    const text = readFileSync(new URL('node_modules/uplot/LICENSE', import.meta.url), 'utf8');
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source: `uPlot\n\n${text}` });
  },
};

// Names without hashes: the gateway sends strong ETags, and a change of the page stays one change of few files.
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [licences],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0, // a data: address would need a hole in the content security policy
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        entryFileNames: 'assets/page.js',
        chunkFileNames: 'assets/plot.js',
        assetFileNames: 'assets/page[extname]',
      },
    },
  },
  test: {
    globals: true,
    root: '../..',
    include: ['test/web/unit/*.test.ts'],
    cache: false,
  },
});
