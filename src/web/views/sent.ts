// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import { type Contract, type LogRecord, event } from '../api.ts';
import { h } from '../dom.ts';
import { tellSent } from '../tell.ts';
import { type Context, card, load, type View } from './context.ts';
import { Pages, growing } from './records.ts';

/** One line for each recipient of each contract. */
function who(c: Context, contracts: readonly Contract[]): HTMLElement {
  const { t } = c;
  const lines = contracts.flatMap((k) =>
    k.recipients.map((r) =>
      h(
        'li',
        {},
        h('strong', {}, r.id),
        ` (${k.tariff || k.id}${r.pseudonym ? `, ${t.tariff.pseudonym}` : ''}): `,
        t.tariff.use[k.taf] ?? `TAF ${k.taf}`,
      ),
    ),
  );
  return lines.length > 0 ? h('ul', { class: 'plain' }, lines) : h('p', {}, t.sent.nobody);
}

async function list(c: Context): Promise<(Node | undefined)[]> {
  const { t, f } = c;
  const pages = new Pages(c, { type: event.valuesSent }, 50);
  const first = await pages.next();
  if (first.length === 0) return [h('p', {}, t.sent.empty)];
  const place = h('div', {});
  let day = '';
  let lines = h('ul', { class: 'plain' });
  const put = (records: LogRecord[]): void => {
    for (const r of records) {
      const its = f.day(r.timestamp);
      if (its !== day) {
        day = its;
        lines = h('ul', { class: 'plain' });
        place.append(h('h3', {}, day), lines);
      }
      lines.append(
        h('li', {}, h('time', { datetime: r.timestamp }, f.clock(r.timestamp)), ` ${t.clock} `, tellSent(r, t, f)),
      );
    }
  };
  put(first);
  return [place, growing(c, pages, put)];
}

/** What was sent to whom and when, in plain words. */
export const sent: View = async (c, into) => {
  const recipients = h('div', {});
  const deliveries = h('div', {});
  into.append(
    card(c.t.sent.list, h('p', { class: 'quiet' }, c.t.sent.intro), deliveries),
    card(c.t.sent.who, recipients),
  );
  await Promise.all([
    load(c, deliveries, () => list(c)),
    load(c, recipients, async () => [who(c, await c.source.contracts())]),
  ]);
};
