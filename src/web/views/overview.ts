// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import { choice, h, labelled } from '../dom.ts';
import { channels } from '../series.ts';
import { metersOf, type View } from './context.ts';
import { curveCard } from './curve.ts';
import { nowCard, stateCard, todayCard } from './now.ts';

/** Power now, today, and the last 24 hours of legal time. */
export const overview: View = async (c, into) => {
  let meter: string | undefined;
  const place = h('div', {});
  const show = (): void =>
    place.replaceChildren(
      h('div', { class: 'cards' }, nowCard(c), todayCard(c, () => meter), stateCard(c)),
      curveCard(c, () => meter),
    );
  show();
  into.append(place);
  const meters = metersOf(channels(await c.source.contracts().catch(() => [])));
  if (meters.length < 2 || c.signal.aborted) return;
  const pick = choice(meters.map((m) => [m, m]), meters[0]!, (m) => {
    meter = m;
    show();
  });
  into.prepend(labelled(c.t.meter, pick));
};
