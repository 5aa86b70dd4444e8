// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import { type Exact, exact, minus, negative } from '../decimal.ts';
import { facts, fill, h } from '../dom.ts';
import type { Now } from '../live.ts';
import { total, intervals, listOf, newest } from '../series.ts';
import { cost } from '../prices.ts';
import { dayOf, shift, startOf } from '../legal_time.ts';
import { type Context, type Shown, card, energyOf, flatPrice, load } from './context.ts';
import { channels } from '../series.ts';
import type { Gateway } from '../api.ts';

const stale_ms = 120_000;

/** Power now. Not announced as it changes: a screen reader would never come to rest. */
export function nowCard(c: Context): HTMLElement {
  const { t, f } = c;
  const big = h('p', { class: 'big' }, '–');
  const what = h('p', { class: 'quiet' }, t.now.waiting);
  const since = h('p', { class: 'quiet small' });
  const meters = new Map<string, Now>();
  const show = (): void => {
    const known = [...meters.values()];
    const powers = known.flatMap((n) => (n.power ? [n.power] : []));
    const at = Math.max(...known.map((n) => Date.parse(n.reading.at)));
    if (known.length === 0) return;
    since.textContent = `${t.now.since} ${f.seconds(at)}`;
    if (powers.length === 0) return;
    const all = powers.reduce((a, b) => minus(a, minus(exact('0'), b)));
    const into = negative(all);
    big.textContent = f.power(into ? minus(exact('0'), all) : all);
    big.dataset['direction'] = into ? 'export' : 'import';
    what.textContent = into ? t.now.export : t.now.import;
  };
  let heard = Date.now();
  const stop = c.live.listen((n) => {
    if (n === 'closed') what.textContent = t.now.off;
    if (typeof n === 'string') return;
    heard = Date.now();
    meters.set(n.reading.meter, n);
    show();
  });
  const watch = setInterval(() => {
    if (meters.size > 0 && Date.now() - heard > stale_ms) what.textContent = t.now.stale;
  }, 10_000);
  c.signal.addEventListener('abort', () => {
    stop();
    clearInterval(watch);
  });
  return card(t.now.title, big, what, since);
}

/** Energy since midnight of legal time, and how that compares. */
export function todayCard(c: Context, meter: () => string | undefined): Shown {
  const body = h('div', {});
  const show = (): void => void load(c, body, () => today(c, meter()));
  show();
  return { card: card(c.t.today.title, body), show };
}

async function today(c: Context, meter: string | undefined): Promise<(Node | undefined)[]> {
  const { t, f } = c;
  const contracts = await c.source.contracts();
  const now = Date.now();
  const midnight = startOf(dayOf(now));
  const before = startOf(shift(dayOf(now), { days: -1 }));
  const rows: [string, string][] = [];
  for (const k of energyOf(channels(contracts), meter)) {
    const list = listOf(await c.source.readings(k.contract, before, now), k);
    const latest = list && newest(list.entries);
    if (!list || !latest || Date.parse(latest.target) <= midnight) continue;
    const all = intervals(list.entries, list.period_s * 1000);
    const since = Date.parse(latest.target) - midnight;
    const here = total(all.filter((i) => i.from >= midnight));
    const then = all.filter((i) => i.from >= before && i.to <= before + since);
    rows.push([t.direction[k.direction], `${f.quantity(here, list.unit)} (${t.today.upTo} ${f.clock(latest.target)})`]);
    const price = flatPrice(contracts, k);
    if (price && list.unit === 'Wh') rows.push([t.today.cost, f.euro(cost(here, price))]);
    if (then.length > 0 && k.direction === 'import') rows.push([t.today.yesterday, f.quantity(total(then), list.unit)]);
  }
  return [rows.length > 0 ? facts(rows) : h('p', {}, t.today.none)];
}

/** One line: how the gateway is, and the stage that is active. */
export function stateCard(c: Context): HTMLElement {
  const body = h('div', {});
  const show = (): Promise<void> =>
    load(c, body, async () => {
      const [g, contracts] = await Promise.all([c.source.gateway(), c.source.contracts()]);
      const stages = contracts.flatMap((k) => {
        const stage = k.stages.find((s) => s.number === k.stage_now);
        return stage ? [`${stage.description} (${k.tariff})`] : [];
      });
      return [stateLine(c, g), stages.length > 0 ? facts([[c.t.now.stage, stages.join(', ')]]) : undefined];
    });
  void show();
  const stop = c.live.listen((n) => {
    if (n === 'gateway') void show();
  });
  c.signal.addEventListener('abort', stop);
  return card(c.t.pages.gateway, body);
}

export function stateLine(c: Context, g: Gateway): HTMLElement {
  const line = h('p', { class: `state ${g.state}` });
  fill(line, h('span', { class: 'sign', 'aria-hidden': 'true' }, { ok: '✓', warning: '!', fault: '×' }[g.state]), c.t.gateway.states[g.state]);
  return line;
}

/** For pictures of power. */
export const watt = (n: number): Exact => exact(String(Math.round(n)));
