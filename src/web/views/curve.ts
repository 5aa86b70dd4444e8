// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import type { ReadingList } from '../api.ts';
import { h, labelled, table } from '../dom.ts';
import { type Day, dayOf, isoDay, parseDay, shift, startOf } from '../legal_time.ts';
import { type Picture, picture } from '../plot.ts';
import { type Channel, type Interval, channels, intervals, listOf, meanPower, onTheMinute, total } from '../series.ts';
import { type Context, type Shown, card, energyOf, load } from './context.ts';
import { watt } from './now.ts';

interface Flow {
  channel: Channel;
  list: ReadingList;
  parts: Interval[];
}

/** The load curve [Lastgang] of one day of legal time, with a way to other days. */
export function curveCard(c: Context, meter: () => string | undefined): Shown {
  const { t } = c;
  let day = dayOf(Date.now());
  const body = h('div', { class: 'roomy' });
  const date = h('input', { type: 'date', value: isoDay(day), max: isoDay(day) });
  const button = (sign: string, label: string, by: number): HTMLElement =>
    h('button', { type: 'button', class: 'square', 'aria-label': label, title: label, click: () => go(shift(day, { days: by })) }, sign);
  const go = (to: Day): void => {
    if (startOf(to) > Date.now()) return;
    day = to;
    date.value = isoDay(to);
    show();
  };
  const show = (): void => void load(c, body, () => curve(c, meter(), day));
  date.addEventListener('change', () => go(parseDay(date.value) ?? day));
  show();
  const whole = card(
    t.curve.title,
    h('div', { class: 'row' }, button('‹', t.curve.previous, -1), labelled(t.curve.day, date), button('›', t.curve.next, 1)),
    body,
  );
  return { card: whole, show };
}

async function curve(c: Context, meter: string | undefined, day: Day): Promise<(Node | undefined)[]> {
  const { t, f } = c;
  const from = startOf(day);
  const to = startOf(shift(day, { days: 1 }));
  const flows: Flow[] = [];
  for (const channel of energyOf(channels(await c.source.contracts()), meter)) {
    const whole = listOf(await c.source.readings(channel.contract, from, to), channel);
    const list = whole && onTheMinute(whole);
    const parts = list ? intervals(list.entries, list.period_s * 1000) : [];
    if (list && list.unit === 'Wh' && parts.length > 0) flows.push({ channel, list, parts });
  }
  const first = flows[0];
  if (!first) return [h('p', {}, t.curve.empty)];
  const gaps = first.parts.filter((i) => i.slots !== 1).length;
  const p = pictureOf(c, flows, from, to);
  const head = [t.time, ...flows.map((k) => `${t.direction[k.channel.direction]}, ${t.curve.power}`)];
  // what is still to come is no row; a gap in between is
  const last = Math.max(...p.lines.map((l) => l.values.findLastIndex((v) => v !== null)));
  const times = p.x.slice(0, last + 1);
  return [
    h('p', { class: 'quiet' }, `${t.curve.hint}, W`),
    picture(p, c.signal),
    gaps > 0 ? h('p', { class: 'note' }, t.curve.gaps(gaps)) : undefined,
    h(
      'details',
      {},
      h('summary', {}, t.table),
      table(
        `${t.curve.title}, ${f.day(from)}`,
        head,
        times.map((x, n) => [
          f.clock(x * 1000),
          ...p.lines.map((l) => (l.values[n] === null ? '–' : f.power(watt(Math.abs(l.values[n] as number))))),
        ]),
        { numeric: [1, 2] },
      ),
    ),
  ];
}

/** Steps of equal length over the whole day; what is not known stays open. */
function pictureOf(c: Context, flows: readonly Flow[], from: number, to: number): Picture {
  const { t, f } = c;
  const step = Math.min(...flows.map((k) => k.list.period_s * 1000));
  const x: number[] = [];
  for (let at = from; at <= to; at += step) x.push(at / 1000);
  const lines = flows.map((k) => {
    const sign = k.channel.direction === 'export' ? -1 : 1;
    const values = new Array<number | null>(x.length).fill(null);
    for (const i of k.parts) {
      const power = meanPower(i);
      const n = Math.round((i.from - from) / step);
      const after = Math.round((i.to - from) / step);
      if (power !== undefined) values.fill(sign * power, Math.max(0, n), Math.max(0, after));
    }
    return { label: t.direction[k.channel.direction], colour: `--${k.channel.direction}`, values };
  });
  const peak = flows[0]!.parts.reduce((a, b) => ((meanPower(b) ?? 0) > (meanPower(a) ?? 0) ? b : a));
  const energy = f.quantity(total(flows[0]!.parts), flows[0]!.list.unit);
  const marks = x.filter((at) => (at - from / 1000) % (3 * 3600) === 0);
  return {
    kind: 'steps',
    x,
    lines,
    marks,
    tick: (at) => f.clock(at * 1000),
    number: (y) => f.number(watt(y), 0),
    summary: t.curve.summary(f.day(from), energy, f.power(watt(meanPower(peak) ?? 0)), f.clock(peak.from)),
    say: (n) =>
      `${f.clock(x[n]! * 1000)}: ${lines.map((l) => `${flows.length > 1 ? `${l.label} ` : ''}${l.values[n] === null ? '–' : f.power(watt(Math.abs(l.values[n] as number)))}`).join(', ')}`,
  };
}
