// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import type { Contract } from '../api.ts';
import { type Exact, approximate, exact, minus, shifted, sum } from '../decimal.ts';
import { choice, h, labelled, table } from '../dom.ts';
import { type Day, dayOf, shift, startOf } from '../legal_time.ts';
import { picture } from '../plot.ts';
import { cost } from '../prices.ts';
import { type Channel, type Interval, byPeriod, channels, intervals, listOf, newest } from '../series.ts';
import type { Grain } from '../source.ts';
import { type Context, card, energyOf, flatPrice, load, metersOf, type View } from './context.ts';

type Zoom = 'days' | 'months' | 'years';
interface Window {
  title: string;
  starts: number[];
  end: number;
  grain: Grain;
}
const shown_years = 5;

/** The bars of a month by days, of a year by months, and of the last years. */
export function windowOf(zoom: Zoom, at: Day, f: Context['f']): Window {
  if (zoom === 'days') {
    const first = { ...at, day: 1 };
    const next = shift(first, { months: 1 });
    const starts: number[] = [];
    for (let d = first; startOf(d) < startOf(next); d = shift(d, { days: 1 })) starts.push(startOf(d));
    return { title: f.month(startOf(first)), starts, end: startOf(next), grain: 'day' };
  }
  const january = { year: at.year, month: 1, day: 1 };
  if (zoom === 'months') {
    const starts = Array.from({ length: 12 }, (_, n) => startOf(shift(january, { months: n })));
    return { title: f.year(starts[0]!), starts, end: startOf(shift(january, { years: 1 })), grain: 'month' };
  }
  const starts = Array.from({ length: shown_years }, (_, n) => startOf(shift(january, { years: n + 1 - shown_years })));
  return {
    title: `${at.year + 1 - shown_years} – ${at.year}`,
    starts,
    end: startOf(shift(january, { years: 1 })),
    grain: 'year',
  };
}

export const history: View = async (c, into) => {
  const { t } = c;
  let zoom: Zoom = 'days';
  let at = dayOf(Date.now());
  let meter: string | undefined;
  const body = h('div', { class: 'roomy' });
  const title = h('output', { class: 'span' });
  const show = (): void => {
    title.textContent = windowOf(zoom, at, c.f).title;
    void load(c, body, () => bars(c, zoom, at, meter));
  };
  const go = (by: 1 | -1): void => {
    const to = shift({ ...at, day: 1 }, zoom === 'days' ? { months: by } : { years: zoom === 'months' ? by : by * shown_years });
    if (startOf(to) > Date.now() && by > 0) return;
    at = to;
    show();
  };
  const zooms: [string, string][] = [['days', t.history.days], ['months', t.history.months], ['years', t.history.years]];
  const meters = metersOf(channels(await c.source.contracts()));
  const square = (sign: string, label: string, by: 1 | -1): HTMLElement =>
    h('button', { type: 'button', class: 'square', 'aria-label': label, title: label, click: () => go(by) }, sign);
  show();
  into.append(
    card(
      '',
      h(
        'div',
        { class: 'row' },
        labelled(t.history.by, choice(zooms, zoom, (v) => ((zoom = v as Zoom), show()))),
        meters.length > 1 && labelled(t.meter, choice(meters.map((m) => [m, m]), meters[0]!, (m) => ((meter = m), show()))),
        square('‹', t.history.previous, -1),
        title,
        square('›', t.history.next, 1),
      ),
      body,
    ),
  );
};

/** What a channel counted in each period; the running one ends with the newest reading there is. */
async function periodsOf(c: Context, k: Channel, w: Window): Promise<{ unit: string; parts: (Interval | undefined)[] } | undefined> {
  const now = Date.now();
  const sparse = listOf(await c.source.readings(k.contract, w.starts[0]!, Math.min(w.end, now), w.grain), k);
  if (!sparse) return undefined;
  const entries = [...sparse.entries];
  if (now < w.end) {
    const recent = listOf(await c.source.readings(k.contract, startOf(dayOf(now)), now), k);
    const latest = recent && newest(recent.entries);
    const last = entries.at(-1);
    if (latest && (!last || Date.parse(latest.target) > Date.parse(last.target))) entries.push(latest);
  }
  return { unit: sparse.unit, parts: byPeriod(intervals(entries, 0), w.starts, w.end) };
}

function label(c: Context, zoom: Zoom, at: number): string {
  if (zoom === 'days') return c.f.shortDay(at);
  return zoom === 'months' ? c.f.month(at) : c.f.year(at);
}

/** What stands beside a period that is not whole. */
function remark(c: Context, w: Window, n: number, part: Interval | undefined): string {
  const to = w.starts[n + 1] ?? w.end;
  if (!part || (part.from === w.starts[n] && part.to === to)) return '';
  return to > Date.now() ? c.t.history.running : c.t.history.incomplete;
}

interface Row {
  channel: Channel;
  unit: string;
  parts: (Interval | undefined)[];
  price: Exact | undefined;
}

async function rowsOf(c: Context, contracts: Contract[], w: Window, meter: string | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  for (const channel of energyOf(channels(contracts), meter)) {
    const found = await periodsOf(c, channel, w);
    if (found?.parts.some((p) => p)) rows.push({ channel, ...found, price: flatPrice(contracts, channel) });
  }
  return rows;
}

async function bars(c: Context, zoom: Zoom, at: Day, meter: string | undefined): Promise<(Node | undefined)[]> {
  const { t, f } = c;
  const w = windowOf(zoom, at, f);
  const rows = await rowsOf(c, await c.source.contracts(), w, meter);
  const first = rows[0];
  if (!first) return [h('p', {}, t.history.empty)];
  const scale = first.unit === 'Wh' ? 3 : 0;
  const known = first.parts.flatMap((p) => (p?.energy ? [p.energy] : []));
  const most = known.reduce((a, b) => (minus(a, b).n < 0n ? b : a), exact('0'));
  const say = (n: number): string =>
    `${label(c, zoom, w.starts[n]!)}: ${rows.map((r) => amount(c, r, r.parts[n])).join(', ')}`;
  const short = (n: number): string => (zoom === 'days' ? String(n + 1) : zoom === 'months' ? f.shortMonth(w.starts[n]!) : f.year(w.starts[n]!));
  return [
    h('p', { class: 'quiet' }, `${t.history.energy}, ${scale === 3 ? 'kWh' : first.unit}`),
    picture(
      {
        kind: 'bars',
        x: w.starts.map((_, n) => n),
        lines: rows.map((r) => ({
          label: t.direction[r.channel.direction],
          colour: `--${r.channel.direction}`,
          values: r.parts.map((p) =>
            p?.energy ? approximate(shifted(p.energy, scale)) * (r.channel.direction === 'export' ? -1 : 1) : null,
          ),
        })),
        ...(zoom === 'days' ? { marks: w.starts.map((_, n) => n).filter((n) => n % 5 === 4 || n === 0) } : {}),
        tick: short,
        number: (y) => f.number(exact(y.toFixed(1)), y < 10 && y % 1 !== 0 ? 1 : 0),
        summary: t.history.summary(w.title, f.quantity(sum(known), first.unit), f.quantity(most, first.unit)),
        say,
      },
      c.signal,
    ),
    list(c, zoom, w, rows),
  ];
}

const amount = (c: Context, r: Row, p: Interval | undefined): string =>
  p?.energy ? c.f.quantity(p.energy, r.unit) : '–';

function list(c: Context, zoom: Zoom, w: Window, rows: Row[]): HTMLElement {
  const { t, f } = c;
  const price = rows[0]!.price;
  const withCost = price !== undefined && rows[0]!.unit === 'Wh';
  const head = [t.time, ...rows.map((r) => t.direction[r.channel.direction]), ...(withCost ? [t.history.cost] : []), t.state];
  const sumOf = (r: Row): Exact => sum(r.parts.flatMap((p) => (p?.energy ? [p.energy] : [])));
  const lines = w.starts.flatMap((at, n) => {
    if (rows.every((r) => !r.parts[n])) return [];
    const energy = rows[0]!.parts[n]?.energy;
    return [
      [
        label(c, zoom, at),
        ...rows.map((r) => amount(c, r, r.parts[n])),
        ...(withCost ? [energy ? f.euro(cost(energy, price)) : '–'] : []),
        remark(c, w, n, rows[0]!.parts[n]),
      ],
    ];
  });
  const foot = [t.total, ...rows.map((r) => f.quantity(sumOf(r), r.unit)), ...(withCost ? [f.euro(cost(sumOf(rows[0]!), price))] : []), ''];
  return table(w.title, head, [...lines, foot], { numeric: rows.map((_, n) => n + 1).concat(withCost ? rows.length + 1 : []) });
}
