// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
// usage: gateway.mjs URL USER PASSWORD — the page of a real gateway in a real browser: login, headers, every part, live
// values, an export. test/process runs it against the real program.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { needPackages } from './packages.mjs';

needPackages();
const { browser, parts, pictures, settled } = await import('./browser/stage.mjs');
const [url, username, password] = process.argv.slice(2);
const origin = new URL(url).origin;

async function visit(credentials, work) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'de-DE', acceptDownloads: true, ...(credentials ? { httpCredentials: credentials } : {}) });
  const seen = { errors: [], elsewhere: [], violations: [] };
  context.on('request', (r) => new URL(r.url()).origin !== origin && !r.url().startsWith('blob:') && seen.elsewhere.push(r.url()));
  await context.exposeFunction('violated', (what) => seen.violations.push(what));
  await context.addInitScript(() => document.addEventListener('securitypolicyviolation', (e) => window.violated(e.violatedDirective)));
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (e) => seen.errors.push(String(e)));
  try {
    await work(page);
    assert.deepEqual(seen, { errors: [], elsewhere: [], violations: [] });
  } finally {
    await context.close();
  }
}
const login = { username, password };
const part = async (page, name) => {
  await page.goto(`${url}/#/${name}`);
  await settled(page);
};

test('without a login there is nothing, and with a wrong one neither', async () => {
  // Chromium tells a challenge that it cannot meet as an error of the navigation, or shows the answer.
  const refused = async (page) => {
    const answer = await page.goto(url).catch((e) => assert.match(String(e), /ERR_INVALID_AUTH_CREDENTIALS/));
    if (answer) assert.equal(answer.status(), 401);
  };
  await visit(undefined, refused);
  await visit({ username, password: `${password}x` }, refused);
});

test('the page comes with its policy, and every part of it is told by the gateway', () =>
  visit(login, async (page) => {
    const answer = await page.goto(url);
    assert.equal(answer.status(), 200);
    const wanted = JSON.parse(readFileSync(new URL('../../src/web/headers.json', import.meta.url), 'utf8'));
    for (const [name, value] of Object.entries(wanted)) assert.equal(answer.headers()[name.toLowerCase()], value);
    for (const name of parts) {
      await part(page, name);
      await page.screenshot({ path: join(pictures, `gateway-${name}.png`), fullPage: true });
      assert.deepEqual(await page.getByRole('alert').allInnerTexts(), [], name);
    }
  }));

test('power now comes from the meter', () =>
  visit(login, async (page) => {
    await part(page, 'overview');
    await page.waitForFunction(() => / k?W$/.test(document.querySelector('.big')?.textContent ?? ''));
  }));

test('readings are there, and the login is in the log', () =>
  visit(login, async (page) => {
    await part(page, 'readings');
    await page.getByText(/^\d[\d.]*(,\d+)? kWh$/).first().waitFor();
    await part(page, 'log');
    await page.getByText('Anmeldung im Heimnetz.').first().waitFor();
  }));

test('readings are saved as the gateway gives them, and as a document for verification software', () =>
  visit(login, async (page) => {
    await part(page, 'exports');
    const save = async (form) => {
      await page.getByLabel('Form').selectOption(form);
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Speichern' }).click()]);
      return readFileSync(await file.path(), 'utf8');
    };
    const lists = JSON.parse(await save('json')).lists;
    assert.ok(lists.length > 0 && lists[0].entries.some((e) => e.value !== undefined));
    assert.match(await save('csv'), /;Wh;/);
    assert.match(await save('xml'), /<UsagePoints/);
  }));
