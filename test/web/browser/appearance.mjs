// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { packages } from '../packages.mjs';
import { onStage, open, parts, pictures } from './stage.mjs';

const axe = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong, with the element and the reason. */
async function faults(page) {
  const { violations } = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ['violations'] })`);
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join('; ')}`);
}

for (const look of [
  { language: 'de', theme: 'light', size: 'desk' },
  { language: 'en', theme: 'dark', size: 'desk' },
  { language: 'en', theme: 'light', size: 'phone' },
  { language: 'de', theme: 'dark', size: 'phone' },
])
  for (const part of parts)
    test(`${part} is whole and accessible: ${Object.values(look).join(', ')}`, () =>
      onStage(look, async ({ page }) => {
        await open(page, part);
        assert.equal(await page.locator('h1').count(), 1);
        assert.equal(await page.locator('html').getAttribute('lang'), look.language);
        assert.match(await page.title(), new RegExp(`^${await page.locator('h1').innerText()} – `));
        await page.screenshot({ path: join(pictures, `${part}-${Object.values(look).join('-')}.png`), fullPage: true });
        assert.deepEqual(await faults(page), []);
        const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(wide <= room, `${wide} pixels wide where there are ${room}`);
        assert.equal(await page.locator('main').getByText(/undefined|NaN|\[object/).count(), 0);
      }));

test('dark and light are different, and each is what was asked for', async () => {
  const ground = (theme) =>
    new Promise((done) => onStage({ theme }, async ({ page }) => {
      await open(page, 'gateway');
      done(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }));
  const [light, dark] = [await ground('light'), await ground('dark')];
  const brightness = (rgb) => rgb.match(/\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b);
  assert.ok(brightness(light) > 600 && brightness(dark) < 150, `${light} ${dark}`);
});

test('colours can be chosen against the device, stay chosen, and redraw the picture', () =>
  onStage({ theme: 'light' }, async ({ page }) => {
    await open(page, 'overview');
    const canvas = () => page.evaluate(() => document.querySelector('.plot canvas').toDataURL());
    const before = await canvas();
    await page.getByLabel('Darstellung').selectOption('dark');
    await page.waitForFunction((b) => document.querySelector('.plot canvas')?.toDataURL() !== b, before);
    await page.reload();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  }));

test('the first paint comes within a second, with an empty cache; the whole page is small', () =>
  // the browser's own clock: a fixed one has no paint times
  onStage({ clock: 'real' }, async ({ page, seen }) => {
    await open(page, 'overview');
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
    const power = await page.evaluate(() => new Promise((done) => {
      const look = () => (/\d/.test(document.querySelector('.big').textContent) ? done(performance.now()) : setTimeout(look, 5));
      look();
    }));
    console.log(`first contentful paint ${paint.toFixed(0)} ms, power at ${power.toFixed(0)} ms at the latest`);
    assert.ok(paint < 1000, `first contentful paint after ${paint} ms`);
    const files = seen.requests.filter((r) => !r.url().includes('/smgw/'));
    const octets = await Promise.all(files.map(async (r) => (await r.sizes()).responseBodySize));
    const all = octets.reduce((a, b) => a + b, 0);
    console.log(`${files.length} files, ${all} octets compressed`);
    assert.ok(all > 10_000 && all < 150 * 1024);
  }));

test('axe and the watch over the policy find what is wrong', () =>
  onStage({ violates: true, fails: true }, async ({ page, seen }) => {
    await open(page, 'gateway');
    await page.evaluate(() => {
      const image = document.createElement('img');
      image.src = '/icon.svg';
      document.querySelector('main').append(image);
    });
    assert.match((await faults(page)).join(), /image-alt/);
    await page.evaluate(() => document.body.setAttribute('style', 'color: red'));
    await page.evaluate(() => {
      try {
        document.body.insertAdjacentHTML('beforeend', '<b>x</b>');
      } catch {
        // trusted types refuse it
      }
    });
    await page.waitForTimeout(200);
    assert.match(seen.violations.join(), /style-src/);
    assert.match(seen.violations.join(), /require-trusted-types-for/);
    assert.equal(await page.locator('body > b').count(), 0);
  }));
