// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import assert from 'node:assert/strict';
import test from 'node:test';

import { onStage, open } from './stage.mjs';

const root = '/smgw/con/v1';

for (const [status, words] of [[401, 'Ihre Anmeldung ist abgelaufen'], [403, 'Das Gateway erlaubt das nicht'], [404, 'Das bietet dieses Gateway nicht an'], [503, 'Das Gateway ist gerade beschäftigt']])
  test(`status ${status} is told in plain words, with a way on`, () =>
    onStage({ fails: true }, async ({ page, household }) => {
      household.faults.set(`${root}/rts/Gateway/self`, status);
      await page.goto('/#/gateway');
      const alert = page.getByRole('alert');
      await alert.getByText(words).waitFor();
      await alert.getByText('Genauer').click();
      await alert.getByText(`made to fail with ${status}`).waitFor();
      household.faults.clear();
      await page.getByRole('button', { name: 'Noch einmal versuchen' }).click();
      await page.getByText('Alles in Ordnung').waitFor();
    }));

test('an answer of another form is refused, with its place', () =>
  onStage({ fails: true }, async ({ page, household }) => {
    household.state.gateway.time_valid = 'yes';
    await page.goto('/#/gateway');
    await page.getByText('hat nicht die erwartete Form').waitFor();
    await page.getByText('Genauer').click();
    await page.getByText('/time_valid: not true or false').waitFor();
  }));

test('one part that fails leaves the others whole', () =>
  onStage({ fails: true }, async ({ page, household }) => {
    household.faults.set(`${root}/exp/Readings/taf2`, 503);
    household.faults.set(`${root}/exp/Readings/taf7`, 503);
    await page.goto('/#/overview');
    await page.getByText('Alles in Ordnung').waitFor();
    await page.waitForFunction(() => / W$/.test(document.querySelector('.big').textContent));
    assert.equal(await page.getByRole('alert').count(), 2);
  }));

test('without live values the page says so', () =>
  onStage({ fails: true }, async ({ page, household }) => {
    household.faults.set(`${root}/exp/Live/self`, 404);
    await open(page, 'overview');
    await page.getByText('Laufende Werte sind gerade nicht verfügbar.').waitFor();
  }));

test('a gateway that goes away is told, and found again', () =>
  onStage({ fails: true }, async ({ page, context }) => {
    await open(page, 'overview');
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Protokoll' }).click();
    await page.getByText('Das Gateway antwortet nicht').waitFor();
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Noch einmal versuchen' }).click();
    await page.getByText('Anmeldung im Heimnetz.').first().waitFor();
  }));

test('a form the gateway does not offer is told', () =>
  onStage({ fails: true }, async ({ page }) => {
    await open(page, 'exports');
    await page.getByLabel('Form').selectOption('xml');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Das bietet dieses Gateway nicht an.').waitFor();
  }));
