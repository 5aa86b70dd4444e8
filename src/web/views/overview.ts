// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import { choice, h, labelled } from '../dom.ts';
import { channels } from '../series.ts';
import { metersOf, type View } from './context.ts';
import { curveCard } from './curve.ts';
import { nowCard, stateCard, todayCard } from './now.ts';

const quarter_ms = 900_000;
/** Values of a slot are registered within its window, 1 % of the period, and some seconds. */
const settled_ms = 30_000;

/** Calls when a further quarter of an hour should be registered. */
function eachQuarter(signal: AbortSignal, call: () => void): void {
  const slot = (): number => Math.floor((Date.now() - settled_ms) / quarter_ms);
  let seen = slot();
  const timer = setInterval(() => {
    if (slot() === seen) return;
    seen = slot();
    call();
  }, 2_000);
  signal.addEventListener('abort', () => clearInterval(timer));
}

/** Power now, today, and the last 24 hours of legal time. */
export const overview: View = async (c, into) => {
  let meter: string | undefined;
  const place = h('div', {});
  const day = todayCard(c, () => meter);
  const curve = curveCard(c, () => meter);
  place.replaceChildren(h('div', { class: 'cards' }, nowCard(c), day.card, stateCard(c)), curve.card);
  into.append(place);
  const show = (): void => {
    day.show();
    curve.show();
  };
  eachQuarter(c.signal, () => {
    c.source.forget();
    show();
  });
  const meters = metersOf(channels(await c.source.contracts().catch(() => [])));
  if (meters.length < 2 || c.signal.aborted) return;
  const pick = choice(meters.map((m) => [m, m]), meters[0]!, (m) => {
    meter = m;
    show();
  });
  into.prepend(labelled(c.t.meter, pick));
};
