// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import type { Entry, ReadingList } from '../api.ts';
import { exact } from '../decimal.ts';
import { h, labelled, table } from '../dom.ts';
import { dayOf, isoDay, parseDay, shift, startOf } from '../legal_time.ts';
import { type Channel, channels, listOf, newest, onTheMinute } from '../series.ts';
import { marks } from '../status.ts';
import { type Context, card, load, type View } from './context.ts';

const name = (c: Context, k: Channel): string =>
  k.direction === 'other' ? k.obis.replace(/\*255$/, '') : c.t.direction[k.direction];

/** Of a status word: good, or everything it says beyond that. */
export const stateOf = (c: Context, e: Entry): string =>
  marks(e.status).map((m) => c.t.marks[m]).join(', ') || c.t.marks.good;

const valueOf = (c: Context, l: ReadingList, e: Entry): string =>
  e.value === undefined ? c.t.readings.gap : c.f.reading(exact(e.value), l.unit);

/** Each list is asked for once, whatever number of registers it serves. */
async function listsOf(c: Context, all: Channel[], from: number, to: number, grain?: 'month'): Promise<[Channel, ReadingList][]> {
  const contracts = [...new Set(all.map((k) => k.contract))];
  const answers = await Promise.all(contracts.map((k) => c.source.readings(k, from, to, grain)));
  return all.flatMap((k) => {
    const list = listOf(answers[contracts.indexOf(k.contract)]!, k);
    return list ? [[k, list] as [Channel, ReadingList]] : [];
  });
}

async function latest(c: Context): Promise<(Node | undefined)[]> {
  const { t, f } = c;
  const all = channels(await c.source.contracts());
  const yesterday = startOf(shift(dayOf(Date.now()), { days: -1 }));
  const rows = (await listsOf(c, all, yesterday, Date.now())).flatMap(([k, l]) => {
    const e = newest(l.entries);
    return e ? [[name(c, k), k.meter, valueOf(c, l, e), f.dayAndClock(e.target), stateOf(c, e)]] : [];
  });
  if (rows.length === 0) return [h('p', {}, t.curve.empty)];
  return [
    table(t.readings.newest, [t.direction.other, t.meter, t.readings.reading, t.readings.nominal, t.state], rows, { numeric: [2] }),
    h('p', { class: 'quiet' }, t.readings.hint),
  ];
}

async function monthly(c: Context): Promise<(Node | undefined)[]> {
  const { t, f } = c;
  const all = channels(await c.source.contracts()).filter((k) => k.direction !== 'other');
  const now = Date.now();
  const found = await listsOf(c, all, startOf(shift({ ...dayOf(now), day: 1 }, { months: -12 })), now, 'month');
  const rows = found.flatMap(([k, l]) => l.entries.map((e) => ({ k, l, e })));
  rows.sort((a, b) => Date.parse(b.e.target) - Date.parse(a.e.target));
  if (rows.length === 0) return [h('p', {}, t.curve.empty)];
  return [
    table(
      t.readings.monthly,
      [t.readings.nominal, t.direction.other, t.readings.reading, t.state],
      rows.map(({ k, l, e }) => [f.dayAndClock(e.target), name(c, k), valueOf(c, l, e), stateOf(c, e)]),
      { numeric: [2] },
    ),
  ];
}

async function ofDay(c: Context, text: string): Promise<(Node | undefined)[]> {
  const { t, f } = c;
  const day = parseDay(text);
  if (!day) return [h('p', {}, t.curve.empty)];
  const all = channels(await c.source.contracts());
  const found = await listsOf(c, all, startOf(day), startOf(shift(day, { days: 1 })));
  const rows = found.flatMap(([k, l]) =>
    onTheMinute(l).entries.map((e) => [
      f.clock(e.target),
      name(c, k),
      valueOf(c, l, e),
      e.captured ? f.seconds(e.captured) : '–',
      stateOf(c, e),
      e.signature ? t.readings.yes : t.readings.no,
    ]),
  );
  if (rows.length === 0) return [h('p', {}, t.curve.empty)];
  const head = [t.readings.nominal, t.direction.other, t.readings.reading, t.readings.measured, t.state, t.readings.signed];
  return [table(`${t.readings.list}, ${f.day(startOf(day))}`, head, rows, { numeric: [2] })];
}

export const readings: View = async (c, into) => {
  const { t } = c;
  const part = (title: string, work: () => Promise<(Node | undefined)[]>): HTMLElement => {
    const body = h('div', {});
    void load(c, body, work);
    return card(title, body);
  };
  const today = isoDay(dayOf(Date.now()));
  const date = h('input', { type: 'date', value: today, max: today });
  const body = h('div', {});
  const show = (): void => void load(c, body, () => ofDay(c, date.value));
  date.addEventListener('change', show);
  show();
  into.append(
    part(t.readings.newest, () => latest(c)),
    part(t.readings.monthly, () => monthly(c)),
    card(t.readings.list, labelled(t.curve.day, date), body),
  );
};
