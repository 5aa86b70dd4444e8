// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import type { Contract } from '../api.ts';
import type { Exact } from '../decimal.ts';
import { h } from '../dom.ts';
import type { Format, Language } from '../format.ts';
import type { Live } from '../live.ts';
import { priceOf } from '../prices.ts';
import { type Channel, sameObis } from '../series.ts';
import { Failed, type Source } from '../source.ts';
import { store } from '../store.ts';
import type { Words } from '../words/de.ts';

/** What every page has at hand; `signal` ends with the page. */
export interface Context {
  t: Words;
  f: Format;
  language: Language;
  source: Source;
  live: Live;
  signal: AbortSignal;
}
/** Fills the main part of the page. */
export type View = (c: Context, into: HTMLElement) => Promise<void>;

/** A part of the page that can be shown anew. */
export interface Shown {
  card: HTMLElement;
  show: () => void;
}

let count = 0;
/** A part of the page with its heading; without one where it is the whole page, whose heading says it. */
export function card(title: string, ...children: (Node | string | undefined | false)[]): HTMLElement {
  if (title === '') return h('div', { class: 'card' }, children);
  const id = `c${++count}`;
  return h('section', { class: 'card', 'aria-labelledby': id }, h('h2', { id }, title), children);
}

/** What went wrong, in plain words, and a way on. */
export function trouble(c: Pick<Context, 't'>, e: unknown, again: () => void): HTMLElement {
  const kind = e instanceof Failed ? e.kind : 'malformed';
  return h(
    'section',
    { class: 'card trouble', role: 'alert' },
    h('h2', {}, c.t.failed.title),
    h('p', {}, c.t.failed[kind]),
    h('details', {}, h('summary', {}, c.t.failed.detail), h('p', {}, e instanceof Error ? e.message : String(e))),
    h('button', { type: 'button', click: kind === 'login' ? () => location.reload() : again }, c.t.failed.again),
  );
}

/** Fills `into` with what `work` makes, shows that it takes time, and what went wrong. */
export async function load(c: Context, into: HTMLElement, work: () => Promise<(Node | undefined)[]>): Promise<void> {
  into.setAttribute('aria-busy', 'true');
  try {
    const nodes = await work();
    if (!c.signal.aborted) into.replaceChildren(...nodes.filter((n) => n !== undefined));
  } catch (e) {
    if (!c.signal.aborted) into.replaceChildren(trouble(c, e, () => void load(c, into, work)));
  } finally {
    into.removeAttribute('aria-busy');
  }
}

/** Price of energy from the grid where it does not depend on stages. */
export function flatPrice(contracts: readonly Contract[], channel: Channel): Exact | undefined {
  if (channel.direction !== 'import') return undefined;
  for (const k of contracts) {
    if (k.stages.length > 0 || !k.inputs.some((i) => i.meter === channel.meter && sameObis(i.obis, channel.obis))) continue;
    const price = priceOf(store, k, 0);
    if (price) return price;
  }
  return undefined;
}

/** The registers of energy to show: those of the first meter, or of the one that was chosen. */
export function energyOf(all: readonly Channel[], meter: string | undefined): Channel[] {
  const energy = all.filter((k) => k.direction !== 'other');
  const which = energy.some((k) => k.meter === meter) ? meter : energy[0]?.meter;
  return energy.filter((k) => k.meter === which);
}
export const metersOf = (all: readonly Channel[]): string[] => [
  ...new Set(all.filter((k) => k.direction !== 'other').map((k) => k.meter)),
];
