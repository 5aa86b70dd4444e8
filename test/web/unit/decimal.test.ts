// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import { approximate, exact, minus, plus, rounded, shifted, sum, times, toText } from '../../../src/web/decimal.ts';
import { Format } from '../../../src/web/format.ts';
import { cost, parsePrice, priceText, setPrice } from '../../../src/web/prices.ts';

describe('exact numbers', () => {
  it('lose no digit', () => {
    for (const text of ['0', '-0.5', '12345678901234567890.12345', '0.001', '-7', '100']) expect(toText(exact(text))).toBe(text);
    expect(toText(plus(exact('0.1'), exact('0.2')))).toBe('0.3');
    expect(toText(minus(exact('6391080.4'), exact('6391080.39')))).toBe('0.01');
    expect(toText(times(exact('1.5'), exact('-2.25')))).toBe('-3.375');
    expect(toText(shifted(exact('5'), 3))).toBe('0.005');
    expect(toText(shifted(exact('0.5'), -3))).toBe('500');
    expect(toText(sum(Array.from({ length: 1000 }, () => exact('0.1'))))).toBe('100.0');
    expect(approximate(exact('-12.5'))).toBe(-12.5);
  });
  it('are rounded half away from zero', () => {
    for (const [from, to] of [['0.005', '0.01'], ['-0.005', '-0.01'], ['0.0049', '0.00'], ['2.5', '2.50'], ['-0.0001', '0.00']] as const)
      expect(toText(rounded(exact(from), 2))).toBe(to);
  });
});

describe('numbers for people', () => {
  const de = new Format('de');
  const en = new Format('en');
  it('follow the language', () => {
    expect(de.quantity(exact('1234567.8'), 'Wh')).toBe('1.234,57 kWh');
    expect(en.quantity(exact('1234567.8'), 'Wh')).toBe('1,234.57 kWh');
    expect(de.quantity(exact('12.3'), 'm³')).toBe('12,30 m³');
    expect(de.reading(exact('6391080.4'), 'Wh')).toBe('6.391,0804 kWh');
    expect(de.power(exact('431.2'))).toBe('431 W');
    expect(de.power(exact('-12345'))).toBe('-12,35 kW');
    expect(de.euro(exact('1234.5'))).toBe('1.234,50\u00a0€');
    expect(en.euro(exact('0.005'))).toBe('€0.01');
  });
  it('keep digits that floating point would lose', () => {
    expect(de.number(exact('9007199254740993'), 0)).toBe('9.007.199.254.740.993');
  });
  it('write times as a clock in Germany shows them, wherever the browser is', () => {
    expect(de.clock('2026-07-01T22:15:00Z')).toBe('00:15');
    expect(de.day('2026-07-01T22:15:00Z')).toBe('2. Juli 2026');
    expect(en.day('2026-12-31T23:00:00Z')).toBe('1 January 2027');
  });
});

class Store extends Map<string, string> implements Storage {
  get length(): number {
    return this.size;
  }
  key = (n: number): string | null => [...this.keys()][n] ?? null;
  getItem = (k: string): string | null => this.get(k) ?? null;
  setItem = (k: string, v: string): void => void this.set(k, v);
  removeItem = (k: string): void => void this.delete(k);
  [name: string]: unknown;
}

describe('prices', () => {
  const contract = {
    id: 'taf2', taf: 2, tariff: '', usage_point: '', inputs: [], registration_period_s: 900, valid_from: '', recipients: [],
    stages: [{ number: 1, description: 'high', price_ct_per_kwh: '34.9' }, { number: 2, description: 'low' }],
  };
  it('are taken with comma or point, and nothing else', () => {
    expect(toText(parsePrice(' 31,5 ')!)).toBe('31.5');
    expect(toText(parsePrice('0.2999')!)).toBe('0.2999');
    for (const text of ['', 'free', '-1', '1.2.3', '12345', '1e3', '31,5 ct']) expect(parsePrice(text)).toBeUndefined();
  });
  it('of the consumer come before those of the contract', () => {
    const store = new Store();
    expect(priceText(store, contract, 1)).toBe('34.9');
    expect(priceText(store, contract, 2)).toBe('');
    expect(setPrice(store, 'taf2', 1, '30,0')).toBe(true);
    expect(priceText(store, contract, 1)).toBe('30.0');
    expect(setPrice(store, 'taf2', 1, 'much')).toBe(false);
    expect(priceText(store, contract, 1)).toBe('30.0');
    expect(setPrice(store, 'taf2', 1, ' ')).toBe(true);
    expect(priceText(store, contract, 1)).toBe('34.9');
  });
  it('make exact euros', () => {
    expect(toText(cost(exact('260000'), exact('34.9')))).toBe('90.740000');
  });
});
