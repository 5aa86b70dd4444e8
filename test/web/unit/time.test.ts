// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import { dayOf, isWholeDay, isoDay, parseDay, shift, startOf, toInstant } from '../../../src/web/legal_time.ts';
import { windowOf } from '../../../src/web/views/history.ts';
import { Format } from '../../../src/web/format.ts';
import { wall } from '../fixture/world.mjs';

const day = (text: string) => parseDay(text)!;

describe('legal time', () => {
  it('begins each day at midnight in Berlin: every day of seven years, by another calendar', () => {
    for (let d = day('2024-01-01'); d.year < 2031; d = shift(d, { days: 1 }))
      expect(wall(startOf(d))).toBe(`${isoDay(d)} 00:00:00`);
  });
  it('has days of 23 and 25 hours', () => {
    const hours = (text: string) => (startOf(shift(day(text), { days: 1 })) - startOf(day(text))) / 3_600_000;
    expect([hours('2026-03-28'), hours('2026-03-29'), hours('2026-10-25'), hours('2026-10-26')]).toEqual([24, 23, 25, 24]);
  });
  it('tells the day of an instant', () => {
    expect(isoDay(dayOf(Date.parse('2026-11-25T22:59:59Z')))).toBe('2026-11-25');
    expect(isoDay(dayOf(Date.parse('2026-11-25T23:00:00Z')))).toBe('2026-11-26');
    expect(isoDay(dayOf(Date.parse('2026-06-30T22:00:00Z')))).toBe('2026-07-01');
  });
  it('shifts over the ends of months and years', () => {
    expect(isoDay(shift(day('2026-12-31'), { days: 1 }))).toBe('2027-01-01');
    expect(isoDay(shift(day('2026-01-01'), { months: -1 }))).toBe('2025-12-01');
    expect(isoDay(shift(day('2024-02-28'), { days: 1 }))).toBe('2024-02-29');
  });
  it('refuses what is no day', () => {
    for (const text of ['', '2026-02-30', '2026-1-1', '25.11.2026', '2026-13-01', '2026-00-10']) expect(parseDay(text)).toBeUndefined();
  });
  it('writes instants as the interface does, and knows whole days', () => {
    expect(toInstant(Date.parse('2026-11-25T12:00:00.000Z'))).toBe('2026-11-25T12:00:00Z');
    expect(toInstant(1)).toBe('1970-01-01T00:00:00.001Z');
    expect(isWholeDay(Date.parse('2026-10-24T22:00:00Z'), Date.parse('2026-10-25T23:00:00Z'))).toBe(true);
    expect(isWholeDay(Date.parse('2026-10-24T22:00:00Z'), Date.parse('2026-10-25T22:00:00Z'))).toBe(false);
    expect(isWholeDay(Date.parse('2026-11-23T23:15:00Z'), Date.parse('2026-11-24T23:15:00Z'))).toBe(false);
  });
});

describe('windows of the history', () => {
  const f = new Format('de');
  it('are months, years and the last years, by legal time', () => {
    const days = windowOf('days', day('2026-10-17'), f);
    expect([days.title, days.starts.length, days.grain]).toEqual(['Oktober 2026', 31, 'day']);
    expect(wall(days.starts[0]!)).toBe('2026-10-01 00:00:00');
    expect(wall(days.end)).toBe('2026-11-01 00:00:00');
    const months = windowOf('months', day('2026-10-17'), f);
    expect([months.title, months.starts.length]).toEqual(['2026', 12]);
    expect(months.starts.map((s) => wall(s).slice(5, 10))).toContain('07-01');
    const years = windowOf('years', day('2026-10-17'), f);
    expect([years.title, years.starts.length, wall(years.end).slice(0, 4)]).toEqual(['2022 – 2026', 5, '2027']);
  });
});
