// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** From meter readings to energy and power. Nothing is put in place of a missing value. */

import type { Contract, Entry, ReadingList } from './api.ts';
import { approximate, type Exact, exact, minus, negative, sum } from './decimal.ts';
import { marks } from './status.ts';

/** The energy between two readings that are there. */
export interface Interval {
  from: number;
  to: number;
  /** Missing: the meter counts from a new start (exchanged), so that the difference means nothing. */
  energy?: Exact;
  /** How many registration periods it spans; more than one: values in between are missing. */
  slots: number;
  /** A mark of the status word says that one of the two readings is doubtful. */
  doubtful: boolean;
}

/** Differences of consecutive readings. `period_ms` tells what a gap is; 0: any distance is one slot. */
export function intervals(entries: readonly Entry[], period_ms: number): Interval[] {
  const out: Interval[] = [];
  let last: { at: number; value: Exact; doubtful: boolean } | undefined;
  for (const e of entries) {
    if (e.value === undefined) continue;
    const here = { at: Date.parse(e.target), value: exact(e.value), doubtful: marks(e.status).length > 0 };
    if (last && here.at > last.at) {
      const energy = minus(here.value, last.value);
      out.push({
        from: last.at,
        to: here.at,
        ...(negative(energy) ? {} : { energy }),
        slots: period_ms > 0 ? Math.round((here.at - last.at) / period_ms) : 1,
        doubtful: here.doubtful || last.doubtful,
      });
    }
    last = here;
  }
  return out;
}

const least_ms = 60_000;
/** For pictures and tables: of lists with more than one entry a minute, those on the minute. */
export function onTheMinute(l: ReadingList): ReadingList {
  if (l.period_s * 1000 >= least_ms) return l;
  return { ...l, period_s: least_ms / 1000, entries: l.entries.filter((e) => Date.parse(e.target) % least_ms === 0) };
}

/** Everything in these intervals that is known. */
export const total = (all: readonly Interval[]): Exact => sum(all.flatMap((i) => (i.energy ? [i.energy] : [])));

/** Mean power in W of an interval in Wh; for pictures. Undefined where it is not known for each single period. */
export function meanPower(i: Interval): number | undefined {
  if (!i.energy || i.slots !== 1) return undefined;
  return (approximate(i.energy) * 3_600_000) / (i.to - i.from);
}

/** Sums of the energy by the periods that begin at these instants; the last one ends at `end`. */
export function byPeriod(all: readonly Interval[], starts: readonly number[], end: number): (Interval | undefined)[] {
  return starts.map((from, n) => {
    const to = starts[n + 1] ?? end;
    const inside = all.filter((i) => i.from >= from && i.to <= to);
    if (inside.length === 0) return undefined;
    const known = inside.every((i) => i.energy !== undefined);
    return {
      from: inside[0]!.from,
      to: inside[inside.length - 1]!.to,
      ...(known ? { energy: total(inside) } : {}),
      slots: inside.length,
      doubtful: inside.some((i) => i.doubtful),
    };
  });
}

/** One register of one meter, and the contract through which the consumer sees it. */
export interface Channel {
  contract: string;
  meter: string;
  obis: string;
  direction: 'import' | 'export' | 'other';
}

const bare = (obis: string): string => obis.replace(/\*255$/, '');

/** Totals of electricity, gas (7), heat (6), cold and hot water (8, 9) that come into the house. */
const incoming = /^(1-0:1\.8\.0|7-\d{1,2}:3\.\d{1,2}\.0|[689]-0:1\.0\.0)$/;

/** A reading's register as people know it: out of the grid, into the grid, or something else. */
export function direction(obis: string): Channel['direction'] {
  const c = bare(obis);
  if (incoming.test(c)) return 'import';
  return c === '1-0:2.8.0' ? 'export' : 'other';
}
export const sameObis = (a: string, b: string): boolean => bare(a) === bare(b);

/** Every register once; where several contracts use it, by a period near to a quarter of an hour, then with its fellows. */
export function channels(contracts: readonly Contract[]): Channel[] {
  const distance = (c: Contract): number => Math.abs(Math.log(c.registration_period_s / 900));
  const found = new Map<string, Channel>();
  for (const c of [...contracts].sort((a, b) => distance(a) - distance(b) || b.inputs.length - a.inputs.length))
    for (const { meter, obis } of c.inputs) {
      const key = `${meter} ${bare(obis)}`;
      if (!found.has(key)) found.set(key, { contract: c.id, meter, obis, direction: direction(obis) });
    }
  return [...found.values()];
}

export const listOf = (lists: readonly ReadingList[], c: Channel): ReadingList | undefined =>
  lists.find((l) => l.meter.toLowerCase() === c.meter.toLowerCase() && sameObis(l.obis, c.obis));

/** The newest entry with a value. */
export function newest(entries: readonly Entry[]): Entry | undefined {
  for (let n = entries.length - 1; n >= 0; n--) if (entries[n]!.value !== undefined) return entries[n];
  return undefined;
}
