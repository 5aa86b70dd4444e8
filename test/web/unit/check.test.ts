// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import { Malformed, decimal, flag, instant, integer, list, maybe, obis, oneOf, record, statusWord, text } from '../../../src/web/check.ts';
import * as forms from '../../../src/web/forms.ts';
import * as world from '../fixture/world.mjs';

const refused = (work: () => unknown, place: string): void => {
  expect(work).toThrow(Malformed);
  expect(work).toThrow(place);
};

describe('single values', () => {
  it('takes what has the form, and gives it back as it is', () => {
    expect(decimal('-12345678901234567890.123', '')).toBe('-12345678901234567890.123');
    expect(instant('2026-11-25T12:00:00Z', '')).toBe('2026-11-25T12:00:00Z');
    expect(instant('2026-11-25T12:00:00.123Z', '')).toBe('2026-11-25T12:00:00.123Z');
    expect(obis('1-0:1.8.0*255', '')).toBe('1-0:1.8.0*255');
    expect(statusWord('0000000500000004', '')).toBe('0000000500000004');
    expect(oneOf(1, -1)(-1, '')).toBe(-1);
  });
  it('refuses everything else', () => {
    for (const x of ['', '1e5', '1,5', ' 1', '.5', '5.', '0x10', 'NaN', 5, null, undefined, '1'.repeat(65)])
      refused(() => decimal(x, '/here'), '/here');
    for (const x of ['2026-11-25', '2026-11-25T12:00:00', '2026-11-25T12:00:00+01:00', '2026-13-25T12:00:00Z', 1, 'Z'])
      refused(() => instant(x, '/here'), '/here');
    for (const x of [1.5, '1', Infinity, 2 ** 60, null]) refused(() => integer(x, '/here'), '/here');
    for (const x of ['true', 0, 1, null]) refused(() => flag(x, '/here'), '/here');
    for (const x of ['1.8.0', 'x', '1-0:1.8.0*', '1-0:1.8.0*2555', 4]) refused(() => obis(x, '/here'), '/here');
    for (const x of ['', '000000050000000', 'g000000500000004', 5]) refused(() => statusWord(x, '/here'), '/here');
    refused(() => text(3)('four', '/here'), '/here');
    refused(() => oneOf('ok', 'fault')('OK', '/here'), '/here');
  });
});

describe('documents', () => {
  const point = record<{ x: number; y?: number }>({ x: integer, y: maybe(integer) });
  it('drops what it does not know, and leaves out what is missing', () => {
    expect(point({ x: 1, z: 2 }, '')).toEqual({ x: 1 });
    expect(point({ x: 1, y: 2 }, '')).toEqual({ x: 1, y: 2 });
  });
  it('takes nothing from the prototype', () => {
    refused(() => point(Object.create({ x: 1 }), ''), '/x');
    expect(Object.hasOwn(point(JSON.parse('{"x":1,"__proto__":{"y":5}}'), ''), 'y')).toBe(false);
  });
  it('names the place', () => {
    refused(() => list(point, 2)([{ x: 1 }, { x: '1' }], ''), '/1/x');
    refused(() => list(point, 2)([{ x: 1 }, { x: 1 }, { x: 1 }], '/all'), '/all');
    refused(() => point([], '/p'), '/p');
    refused(() => point(null, '/p'), '/p');
    refused(() => point({ x: 1, y: null }, ''), '/y');
  });
  it('takes every document of docs/han-api.md', () => {
    expect(forms.gateway(world.gateway, '').id).toBe('EBSI0012345678');
    for (const k of Object.values(world.contracts)) expect(forms.contract(k, '').inputs.length).toBeGreaterThan(0);
    const day = world.readings('taf7', { from: Date.parse('2026-11-24T00:00:00Z'), to: Date.parse('2026-11-25T00:00:00Z') });
    expect(forms.readings(day, '').lists[0]!.entries).toHaveLength(96);
    expect(forms.registers(world.registers, '').periods).toHaveLength(3);
    expect(forms.log(world.log({ count: 5 }), '').records).toHaveLength(5);
    expect(forms.live(world.telegram(1), '').power_w).toBe('438.2');
  });
  it('refuses a document with a single wrong member, wherever it stands', () => {
    const spoil = (x: unknown, work: (spoilt: unknown) => void): void => {
      const walk = (node: unknown): void => {
        if (typeof node !== 'object' || node === null) return;
        for (const key of Object.keys(node)) {
          const o = node as Record<string, unknown>;
          const was = o[key];
          o[key] = [[]]; // no member is a list of empty lists
          work(x);
          o[key] = was;
          walk(was);
        }
      };
      walk(x);
    };
    for (const [form, document] of [
      [forms.gateway, world.gateway],
      [forms.contract, world.contracts.taf2],
      [forms.registers, world.registers],
      [forms.live, world.telegram(0)],
    ] as const)
      spoil(structuredClone(document), (spoilt) => expect(() => form(spoilt, '')).toThrow(Malformed));
  });
});
