// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import * as world from '../fixture/world.mjs';
import { onStage, open, settled } from './stage.mjs';

const at = (text) => Date.parse(text);
const kwh = (wh) => `${new Intl.NumberFormat('de-DE', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(wh / 1000)} kWh`;
const between = (which, from, to) => kwh(world.level(which, at(to)) - world.level(which, at(from)));

test('today is what the meter counted since midnight of legal time, also where the browser lives elsewhere', async () => {
  for (const zone of ['Europe/Berlin', 'Pacific/Auckland', 'America/Los_Angeles'])
    await onStage({ zone }, async ({ page }) => {
      await open(page, 'overview');
      const today = page.getByRole('region', { name: 'Heute' });
      await today.getByText(`${between(0, '2026-11-24T23:00:00Z', '2026-11-25T13:30:00Z')} (bis 14:30)`).waitFor();
      await today.getByText(`${between(1, '2026-11-24T23:00:00Z', '2026-11-25T13:30:00Z')} (bis 14:30)`).waitFor();
      await today.getByText(between(0, '2026-11-23T23:00:00Z', '2026-11-24T13:30:00Z')).waitFor();
    });
});

test('power now changes as telegrams come, and the stream is asked for once', () =>
  onStage({}, async ({ page, household }) => {
    await open(page, 'overview');
    const seen = new Set();
    for (let n = 0; n < 40 && seen.size < 3; n++) {
      seen.add(await page.locator('.big').innerText());
      await page.waitForTimeout(100);
    }
    assert.ok([...seen].filter((x) => /^4\d\d W$/.test(x)).length >= 2, [...seen].join());
    await page.getByRole('link', { name: 'Gateway' }).click();
    await settled(page);
    await page.getByRole('link', { name: 'Übersicht' }).click();
    await settled(page);
    assert.equal(household.calls.filter((c) => c.includes('/exp/Live/')).length, 1);
  }));

test('what was registered since is shown without a reload, and each list is asked for once', () =>
  onStage({}, async ({ page, household }) => {
    await open(page, 'overview');
    const lists = () => household.calls.filter((c) => c.includes('/exp/Readings/')).length;
    assert.equal(lists(), 2, 'for today and for the curve');
    await page.clock.setFixedTime(world.now + world.quarter);
    for (let n = 0; n < 100 && lists() < 4; n++) await page.waitForTimeout(100);
    assert.equal(lists(), 4);
  }));

test('a change of the gateway shows without a reload', () =>
  onStage({}, async ({ page, household }) => {
    await open(page, 'overview');
    household.state.gateway.state = 'warning';
    for (const stream of household.streams) stream.write('event: gateway\ndata: {}\n\n');
    await page.getByText('Es misst, aber etwas braucht Aufmerksamkeit').waitFor();
  }));

test('the load curve has 100, 96 and 92 quarters of an hour, and shows gaps as gaps', () =>
  onStage({}, async ({ page }) => {
    await open(page, 'overview');
    const day = page.getByRole('region', { name: 'Lastgang' });
    for (const [date, rows] of [['2026-10-25', 100], ['2026-10-26', 96], ['2026-03-29', 92]]) {
      await page.getByLabel('Tag', { exact: true }).fill(date);
      await settled(page);
      await day.locator('summary').click();
      assert.equal(await day.locator('tbody tr').count(), rows, date);
    }
    await page.getByLabel('Tag', { exact: true }).fill('2026-11-24');
    await settled(page);
    await page.getByText('An einer Stelle fehlen Werte.').waitFor();
    await page.getByRole('button', { name: 'Tag danach' }).click();
    await settled(page);
    assert.equal(await page.getByLabel('Tag', { exact: true }).inputValue(), '2026-11-25');
    await page.getByRole('button', { name: 'Tag danach' }).click();
    assert.equal(await page.getByLabel('Tag', { exact: true }).inputValue(), '2026-11-25');
  }));

test('days, months and years are sums by legal time, with the running one as far as it goes', () =>
  onStage({}, async ({ page, household }) => {
    await open(page, 'history');
    const row = (name) => page.locator('tbody tr', { hasText: name });
    await row('Di., 24.11.').getByText(between(0, '2026-11-23T23:00:00Z', '2026-11-24T23:00:00Z')).waitFor();
    await row('Mi., 25.11.').getByText('läuft noch').waitFor();
    await row('Summe').getByText(between(0, '2026-10-31T23:00:00Z', '2026-11-25T13:30:00Z')).waitFor();
    await page.getByRole('button', { name: 'Davor' }).click();
    await settled(page);
    await row('So., 25.10.').getByText(between(0, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).waitFor();
    await page.getByLabel('Zeitraum').selectOption('months');
    await settled(page);
    await row('März 2026').getByText(between(0, '2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z')).waitFor();
    await page.getByLabel('Zeitraum').selectOption('years');
    await settled(page);
    await row('2025').getByText(between(0, '2024-12-31T23:00:00Z', '2025-12-31T23:00:00Z')).waitFor();
    // a year is asked for by its months, not by its quarters of an hour
    assert.ok(household.calls.filter((c) => c.includes('q.type=year')).length >= 1);
  }));

test('everything can be reached and used by keyboard alone', () =>
  onStage({}, async ({ page }) => {
    await open(page, 'overview');
    const focused = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.tagName);
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Zum Inhalt');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
    await page.reload();
    await settled(page);
    for (let n = 0; n < 3; n++) await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Verbrauch');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.tagName === 'H1' && document.activeElement.textContent === 'Verbrauch');
    await settled(page);
    const plot = page.getByRole('slider');
    await plot.focus();
    const say = () => plot.getAttribute('aria-valuetext');
    const [first, second] = [await say(), (await page.keyboard.press('ArrowRight'), await say())];
    assert.match(first, /^So\., 01\.11\.: \d+,\d\d kWh/);
    assert.match(second, /^Mo\., 02\.11\.: /);
    await page.keyboard.press('End');
    assert.match(await say(), /^Mo\., 30\.11\.: –/);
    const outline = await plot.evaluate((e) => getComputedStyle(e).outlineStyle);
    assert.equal(outline, 'solid');
  }));

test('a screen reader finds landmarks, names and the state of things', () =>
  onStage({}, async ({ page }) => {
    await open(page, 'overview');
    await page.getByRole('banner').waitFor();
    await page.getByRole('contentinfo').waitFor();
    await page.getByRole('main').getByRole('heading', { level: 1, name: 'Übersicht' }).waitFor();
    const nav = page.getByRole('navigation', { name: 'Seiten' });
    assert.equal(await nav.getByRole('link').count(), 8);
    assert.equal(await nav.getByRole('link', { name: 'Übersicht' }).getAttribute('aria-current'), 'page');
    for (const name of ['Jetzt', 'Heute', 'Gateway', 'Lastgang']) await page.getByRole('region', { name, exact: true }).waitFor();
    await page.getByRole('slider', { name: /^Lastgang vom 25\. November 2026: .* insgesamt, am meisten .* um .* Uhr\.$/ }).waitFor();
    assert.equal(await page.locator('main [aria-live], main [role=alert]').count(), 0, 'nothing is announced unasked');
  }));

test('the language changes at once, keeps the focus, and stays', () =>
  onStage({}, async ({ page }) => {
    await open(page, 'tariff');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'Tariff' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Deutsch');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Tariff' }).waitFor();
  }));

test('stages cost what is typed in, and prices never leave the browser', () =>
  onStage({}, async ({ page, household }) => {
    await open(page, 'tariff');
    const october = page.locator('tbody tr', { hasText: '01.10.2026 – 31.10.2026' });
    await october.getByText('mindestens 90,74').waitFor();
    await page.getByLabel('Niedertarif: Preis in ct/kWh').fill('27,77');
    await page.keyboard.press('Tab');
    await october.getByText(/^126,84\s€$/).waitFor();
    await page.getByLabel('Niedertarif: Preis in ct/kWh').fill('billig');
    await page.keyboard.press('Tab');
    await page.getByText('Bitte eine Zahl eingeben').waitFor();
    await page.reload();
    assert.equal(await page.getByLabel('Niedertarif: Preis in ct/kWh').inputValue(), '27,77');
    assert.deepEqual(household.calls.filter((c) => c.includes('27')), []);
  }));

test('what was sent is told in plain words, older ones on demand', () =>
  onStage({}, async ({ page }) => {
    await open(page, 'sent');
    await page.getByText('96 Werte (Bezug aus dem Netz) vom 24. November 2026 an netz gesendet.').waitFor();
    await page.getByText('registers of taf2 for October').waitFor();
    const sent = () => page.getByRole('region', { name: 'Was gesendet wurde' }).locator('li').count();
    assert.equal(await sent(), 50);
    for (let n = 0; n < 5 && (await page.getByRole('button', { name: 'Ältere zeigen' }).count()); n++) {
      const before = await sent();
      await page.getByRole('button', { name: 'Ältere zeigen' }).click();
      for (let wait = 0; wait < 100 && (await sent()) === before; wait++) await page.waitForTimeout(50);
    }
    assert.equal(await sent(), world.log({ type: '6002' }).records.length, 'each once');
  }));

test('the log is shown as text, whatever stands in it, and by level', () =>
  onStage({}, async ({ page }) => {
    page.on('dialog', () => assert.fail('something was run'));
    await open(page, 'log');
    await page.getByLabel('Zeigen').selectOption('E');
    await page.waitForFunction(() => document.querySelectorAll('ol.plain > li').length === 1);
    await page.getByText('Der Zähler meldet einen Fehler').waitFor();
    await page.locator('ol summary').click();
    await page.getByText('<img src=x onerror=alert(1)> tampering reported').waitFor();
    assert.equal(await page.locator('main img').count(), 0);
    await page.getByLabel('Zeigen').selectOption('W');
    await page.getByText('wurde abgewiesen. (3-mal)').waitFor();
  }));

test('values are saved as tables and as they are', () =>
  onStage({}, async ({ page }) => {
    await open(page, 'exports');
    await page.getByLabel('Tarif').selectOption('taf7');
    await page.getByLabel('Von').fill('2026-10-25');
    await page.getByLabel('Bis einschließlich').fill('2026-10-25');
    const save = async () => {
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Speichern' }).click()]);
      return [file.suggestedFilename(), readFileSync(await file.path(), 'utf8')];
    };
    const [csvName, csv] = await save();
    assert.equal(csvName, 'readings-taf7-2026-10-25-2026-10-25.csv');
    assert.equal(csv.trim().split('\r\n').length, 1 + 2 * 100);
    assert.match(csv, /^\uFEFF?meter;obis;target/);
    assert.match(csv, /;2026-10-24T22:00:00Z;/);
    await page.getByLabel('Form').selectOption('json');
    const [, json] = await save();
    assert.deepEqual(JSON.parse(json), world.readings('taf7', { from: at('2026-10-24T22:00:00Z'), to: at('2026-10-25T23:00:00Z') }));
    await page.getByLabel('Was').selectOption('log');
    const [logName, log] = await save();
    assert.equal(logName, 'log-2026-10-25-2026-10-25.csv');
    assert.equal(log.trim().split('\r\n').length, 2);
    await page.getByLabel('Von').fill('2026-11-25');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Bitte zwei Tage wählen').waitFor();
  }));

test('a self-test runs, and the next one is refused in plain words', () =>
  onStage({ fails: true }, async ({ page }) => {
    await open(page, 'gateway');
    await page.getByRole('button', { name: 'Jetzt prüfen' }).click();
    await page.getByText('Der Selbsttest läuft …').waitFor();
    await page.getByText('Bestanden (25.11.2026, 14:37 Uhr)').waitFor();
    await page.getByText('Der nächste ist ab 14:47 Uhr möglich.').waitFor();
    await page.getByRole('button', { name: 'Jetzt prüfen' }).click();
    await page.getByText('Das Gateway erlaubt das nicht.').waitFor();
  }));
