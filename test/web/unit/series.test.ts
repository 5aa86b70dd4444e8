// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import type { Contract, Entry, LiveReading } from '../../../src/web/api.ts';
import { exact, toText } from '../../../src/web/decimal.ts';
import { powerBetween } from '../../../src/web/live.ts';
import { drawn, step, thinned } from '../../../src/web/plot.ts';
import { byPeriod, channels, direction, intervals, meanPower, newest, onTheMinute, total } from '../../../src/web/series.ts';
import { marks } from '../../../src/web/status.ts';
import { energies, periodCost } from '../../../src/web/views/tariff.ts';
import { addressOf, formsOf } from '../../../src/web/views/exports.ts';
import { registers } from '../fixture/world.mjs';

const good = '0000000500000004';
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 25, 0, minute)).toISOString().replace('.000Z', 'Z');
const entry = (minute: number, value?: string, status = good): Entry => ({ target: at(minute), status, ...(value === undefined ? {} : { value }) });
const quarter = 900_000;

describe('from readings to energy', () => {
  it('takes differences, exactly', () => {
    const all = intervals([entry(0, '100.1'), entry(15, '100.3'), entry(30, '200')], quarter);
    expect(all.map((i) => toText(i.energy!))).toEqual(['0.2', '99.7']);
    expect(toText(total(all))).toBe('99.9');
    expect(meanPower(all[1]!)).toBeCloseTo(398.8);
  });
  it('knows energy over a gap with the next value, but no power in it', () => {
    const all = intervals([entry(0, '0'), entry(15), entry(30), entry(45, '300')], quarter);
    expect(all).toHaveLength(1);
    expect(all[0]!.slots).toBe(3);
    expect(toText(all[0]!.energy!)).toBe('300');
    expect(meanPower(all[0]!)).toBeUndefined();
  });
  it('adds nothing when a meter begins anew, and says so for the period', () => {
    const all = intervals([entry(0, '900'), entry(15, '5'), entry(30, '7')], quarter);
    expect(all[0]!.energy).toBeUndefined();
    expect(toText(total(all))).toBe('2');
    expect(byPeriod(all, [Date.parse(at(0))], Date.parse(at(60)))[0]!.energy).toBeUndefined();
  });
  it('marks what is doubtful, and ignores entries out of order', () => {
    const all = intervals([entry(0, '1'), entry(15, '2', '0000020500000004'), entry(30, '3'), entry(30, '4'), entry(15, '1')], quarter);
    expect(all.map((i) => i.doubtful)).toEqual([true, true]);
  });
  it('sums by periods, and leaves periods without values open', () => {
    const all = intervals([entry(0, '0'), entry(15, '1'), entry(30, '3'), entry(45, '6')], quarter);
    const sums = byPeriod(all, [0, 30, 60].map((m) => Date.parse(at(m))), Date.parse(at(90)));
    expect(sums.map((s) => s && toText(s.energy!))).toEqual(['3', '3', undefined]);
    expect(sums[1]!.to).toBe(Date.parse(at(45)));
  });
  it('looks at the minutes of lists that are finer', () => {
    const list = { meter: 'm', obis: 'o', unit: 'Wh', period_s: 20, entries: [0, 20, 40, 60].map((s) => ({ target: new Date(s * 1000).toISOString(), status: good })) };
    expect(onTheMinute(list)).toMatchObject({ period_s: 60, entries: [{ target: '1970-01-01T00:00:00.000Z' }, { target: '1970-01-01T00:01:00.000Z' }] });
    expect(onTheMinute({ ...list, period_s: 60 }).entries).toHaveLength(4);
  });
  it('finds the newest value behind gaps', () => {
    expect(newest([entry(0, '1'), entry(15)])!.value).toBe('1');
    expect(newest([entry(0)])).toBeUndefined();
  });
});

describe('registers', () => {
  const contract = (id: string, period: number, ...names: string[]): Contract => ({
    id, taf: 7, tariff: '', usage_point: '', inputs: names.map((obis) => ({ meter: 'm', obis, sign: 1 as const })),
    registration_period_s: period, valid_from: at(0), stages: [], recipients: [],
  });
  it('are shown once, by the contract whose period is nearest to a quarter of an hour', () => {
    const all = channels([contract('minute', 60, '1-0:1.8.0'), contract('quarter', 900, '1-0:1.8.0*255', '1-0:2.8.0')]);
    expect(all.map((k) => [k.contract, k.direction])).toEqual([['quarter', 'import'], ['quarter', 'export']]);
  });
  it('have a direction only where they count all energy', () => {
    expect(['1-0:1.8.0', '1-0:2.8.0*255', '1-0:1.8.1', '7-0:3.0.0', '8-0:1.0.0', '1-0:16.7.0'].map(direction)).toEqual([
      'import', 'export', 'other', 'import', 'import', 'other',
    ]);
  });
});

describe('status words', () => {
  it('say what they say (detail specification 15, table 15.1)', () => {
    expect(marks(good)).toEqual([]);
    expect(marks('0000200500000004')).toEqual(['noValue']);
    expect(marks('0000d30700000004')).toEqual(['notForBilling', 'gatewayFault', 'timeDoubtful', 'warning', 'meterTampered', 'meterFault']);
    expect(marks('8000000500000004')).toEqual([]);
  });
});

describe('power from counting', () => {
  const telegram = (second: number, imported: string, exported: string): LiveReading => ({
    meter: 'm', at: new Date(second * 1000).toISOString(),
    registers: [{ obis: '1-0:1.8.0', unit: 'Wh', value: imported }, { obis: '1-0:2.8.0', unit: 'Wh', value: exported }],
  });
  it('is the difference over the time, with its direction', () => {
    expect(toText(powerBetween(telegram(0, '10.0', '5.0'), telegram(36, '14.0', '5.0'))!)).toBe('400.0');
    expect(toText(powerBetween(telegram(0, '10.0', '5.0'), telegram(36, '10.0', '7.5'))!)).toBe('-250.0');
  });
  it('is not told too soon, nor when a meter began anew', () => {
    expect(powerBetween(telegram(0, '10', '5'), telegram(9, '11', '5'))).toBeUndefined();
    expect(powerBetween(telegram(0, '10', '5'), telegram(60, '1', '5'))).toBeUndefined();
  });
});

describe('tariff stages', () => {
  it('have the energy between the levels of two periods', () => {
    const all = energies(registers.periods);
    expect(all[1]!.stages.map((s) => [s.stage, toText(s.energy)])).toEqual([[0, '390000'], [1, '260000'], [2, '130000'], [63, '0']]);
  });
  it('cost what their prices say, and at least so much where one is missing', () => {
    const stages = energies(registers.periods)[2]!.stages;
    const price = (all: Record<number, string>) => (s: number) => (all[s] ? exact(all[s]) : undefined);
    expect(periodCost(stages, price({ 1: '30', 2: '20' }))).toMatchObject({ whole: false });
    expect(toText(periodCost(stages, price({ 1: '30', 2: '20' }))!.euro)).toBe('82.00000');
    expect(periodCost(stages.slice(0, 3), price({ 1: '30', 2: '20' }))!.whole).toBe(true);
    expect(periodCost(stages, price({}))).toBeUndefined();
    expect(toText(periodCost(stages.slice(0, 1), price({ 0: '10' }))!.euro)).toBe('31.12500');
  });
});

describe('pictures', () => {
  it('draw the last known step to its end, and nothing into what is not known', () => {
    expect(drawn([1, null, 2, null, null])).toEqual([1, null, 2, 2, null]);
    expect(drawn([null, null])).toEqual([null, null]);
    expect(drawn([1, 2])).toEqual([1, 2]);
  });
  it('have as many marks as have room', () => {
    expect(thinned([0, 3, 6, 9, 12, 15, 18, 21, 24], 900)).toHaveLength(9);
    expect(thinned([0, 3, 6, 9, 12, 15, 18, 21, 24], 190)).toEqual([0, 9, 18]);
    expect(thinned([5], 0)).toEqual([5]);
  });
  it('are walked with the keyboard, within their ends', () => {
    expect([step('ArrowLeft', 0, 9), step('ArrowRight', 9, 9), step('ArrowRight', 3, 9), step('Home', 5, 9), step('End', 5, 9), step('Tab', 5, 9)])
      .toEqual([0, 9, 4, 0, 9, undefined]);
  });
});

describe('exports', () => {
  it('ask for what was wished, unchanged', () => {
    const w = { kind: 'readings', form: 'signed', contract: 'a/b', from: 0, to: 86_400_000 } as const;
    expect(addressOf(w)).toBe('/smgw/con/v1/exp/Readings/a%2Fb?q.fromtime=1970-01-01T00:00:00Z&q.totime=1970-01-02T00:00:00Z&q.signed=CMS_ECDSA_SHA256_Detached');
    expect(addressOf({ ...w, kind: 'log', form: 'json' })).toBe('/smgw/con/v1/exp/Log/self?q.fromtime=1970-01-01T00:00:00Z&q.totime=1970-01-02T00:00:00Z');
    expect(formsOf('log')).not.toContain('xml');
  });
});
