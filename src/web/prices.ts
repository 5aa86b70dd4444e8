// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** What a kilowatt hour costs: from the contract, or as the consumer typed it in. The latter stays in this browser. */

import type { Contract } from './api.ts';
import { type Exact, exact, shifted, times } from './decimal.ts';
import type { Store } from './store.ts';

const key = (contract: string, stage: number): string => `price/${contract}/${stage}`;
const form = /^\d{1,4}(\.\d{1,4})?$/;

/** ct/kWh; takes a comma as well. Undefined: not a price. */
export function parsePrice(text: string): Exact | undefined {
  const plain = text.trim().replace(',', '.');
  return form.test(plain) ? exact(plain) : undefined;
}

/** Text of the price in force: the consumer's own, else the contract's. */
export function priceText(store: Store, c: Contract, stage: number): string {
  const given = stage === 0 ? c.price_ct_per_kwh : c.stages.find((s) => s.number === stage)?.price_ct_per_kwh;
  return store.getItem(key(c.id, stage)) ?? given ?? '';
}
export const priceOf = (store: Store, c: Contract, stage: number): Exact | undefined =>
  parsePrice(priceText(store, c, stage));

/** Empty text removes it. False: not a price, nothing changed. */
export function setPrice(store: Store, contract: string, stage: number, text: string): boolean {
  if (text.trim() === '') {
    store.removeItem(key(contract, stage));
    return true;
  }
  if (!parsePrice(text)) return false;
  store.setItem(key(contract, stage), text.trim().replace(',', '.'));
  return true;
}

/** Euro for energy in Wh at ct/kWh: Wh · ct / 1000 / 100. */
export const cost = (wh: Exact, ctPerKwh: Exact): Exact => shifted(times(wh, ctPerKwh), 5);
