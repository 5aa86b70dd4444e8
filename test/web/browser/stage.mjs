// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
// A browser and a household for each test; every page is watched for what it must never do.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { serve } from '../fixture/server.mjs';
import { now } from '../fixture/world.mjs';
import { packages } from '../packages.mjs';

const { chromium } = packages('playwright-core');
export const pictures = process.env.SMGW_WEB_PICTURES ?? join(tmpdir(), 'smgw-web-pictures');
mkdirSync(pictures, { recursive: true });

/** Debian's Chromium, without a word to anyone; it ends with the tests. */
export const browser = await chromium.launch({
  executablePath: process.env.SMGW_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
after(() => browser.close());

export const sizes = { desk: { width: 1100, height: 900 }, phone: { width: 320, height: 640 } };
export const parts = ['overview', 'history', 'readings', 'tariff', 'sent', 'log', 'exports', 'gateway'];

/** Runs `work` with a page of its own; afterwards nothing may have gone elsewhere or broken the policy. */
export async function onStage(options, work) {
  const household = await serve();
  const context = await browser.newContext({
    baseURL: household.address, locale: options.language === 'en' ? 'en-GB' : 'de-DE', timezoneId: options.zone ?? 'Europe/Berlin',
    colorScheme: options.theme ?? 'light', viewport: sizes[options.size ?? 'desk'], hasTouch: options.size === 'phone', acceptDownloads: true,
  });
  const seen = { requests: [], errors: [], violations: [] };
  context.on('request', (r) => seen.requests.push(r));
  await context.exposeFunction('violated', (what) => seen.violations.push(what));
  await context.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (e) => window.violated(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`)),
  );
  const page = await context.newPage();
  page.on('pageerror', (e) => seen.errors.push(String(e)));
  page.on('console', (m) => m.type() === 'error' && seen.errors.push(m.text()));
  page.setDefaultTimeout(10_000);
  if (!options.clock) await page.clock.setFixedTime(now);
  try {
    await work({ page, context, household, seen });
    const elsewhere = seen.requests.map((r) => r.url()).filter((u) => !u.startsWith(household.address) && !u.startsWith('blob:'));
    assert.deepEqual(elsewhere, [], 'requests to other hosts');
    if (!options.violates) assert.deepEqual(seen.violations, [], 'violations of the content security policy');
    if (!options.fails) assert.deepEqual(seen.errors, [], 'errors of the page');
  } finally {
    await context.close();
    await household.stop();
  }
}

/** Waits until nothing is being loaded and every picture is drawn. */
export async function settled(page) {
  await page.waitForFunction(
    () => !document.querySelector('[aria-busy]') && [...document.querySelectorAll('.plot')].every((p) => p.querySelector('canvas')) && document.querySelector('main .card'),
  );
}
export async function open(page, part) {
  await page.goto(`/#/${part}`);
  await settled(page);
}
