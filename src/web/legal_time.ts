// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** German legal time: the days, months and years of tariffs and bills, wherever the browser is. */

export const zone = 'Europe/Berlin';

/** A calendar day; months count from 1. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** The wall clock at an instant, as if it were UTC; both in ms. */
function wall(at: number): number {
  const p: Record<string, number> = {};
  for (const part of clock.formatToParts(at)) p[part.type] = Number(part.value);
  return Date.UTC(p['year']!, p['month']! - 1, p['day']!, p['hour']!, p['minute']!, p['second']!);
}

export function dayOf(at: number): Day {
  const w = new Date(wall(at));
  return { year: w.getUTCFullYear(), month: w.getUTCMonth() + 1, day: w.getUTCDate() };
}

/** The first instant of a day, in ms. Clocks are never put forward at midnight here. */
export function startOf(d: Day): number {
  const target = Date.UTC(d.year, d.month - 1, d.day);
  const guess = target - 3_600_000;
  return guess + (target - wall(guess));
}

/** Days, months and years may overflow in either direction. */
export function shift(d: Day, by: { days?: number; months?: number; years?: number }): Day {
  const t = new Date(
    Date.UTC(d.year + (by.years ?? 0), d.month - 1 + (by.months ?? 0), d.day + (by.days ?? 0)),
  );
  return { year: t.getUTCFullYear(), month: t.getUTCMonth() + 1, day: t.getUTCDate() };
}

const two = (n: number): string => String(n).padStart(2, '0');
/** `2026-11-25`, as date fields want it. */
export const isoDay = (d: Day): string => `${String(d.year).padStart(4, '0')}-${two(d.month)}-${two(d.day)}`;

/** Undefined: not a day. */
export function parseDay(text: string): Day | undefined {
  const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!m) return undefined;
  const d = { year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) };
  return isoDay(shift(d, {})) === text ? d : undefined;
}

/** `2026-11-25T12:00:00Z`: the instant as the interface writes it. */
export const toInstant = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');
/** Whether [from, to) is exactly one legal day. */
export const isWholeDay = (from: number, to: number): boolean => {
  const d = dayOf(from);
  return startOf(d) === from && startOf(shift(d, { days: 1 })) === to;
};
