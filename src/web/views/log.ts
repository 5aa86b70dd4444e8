// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import type { LogRecord } from '../api.ts';
import { choice, facts, h, labelled } from '../dom.ts';
import { tell } from '../tell.ts';
import { type Context, card, load, type View } from './context.ts';
import { Pages, growing } from './records.ts';

/** The record as it is stored, for whoever wants to check it. */
function details(c: Context, r: LogRecord): HTMLElement {
  return h(
    'details',
    {},
    h('summary', {}, c.t.failed.detail),
    facts(
      Object.entries(r)
        .filter(([, v]) => v !== undefined)
        .map(([k, v]): [string, string] => [k, Array.isArray(v) ? v.join(', ') : String(v)]),
    ),
  );
}

function line(c: Context, r: LogRecord): HTMLElement {
  const { t, f } = c;
  const often = (r.repetitionCounter ?? 1) > 1 ? ` (${t.log.repeated(r.repetitionCounter!)})` : '';
  return h(
    'li',
    { class: `record ${r.level.toLowerCase()}` },
    h('time', { datetime: r.timestamp, class: 'quiet small' }, `${f.day(r.timestamp)}, ${f.seconds(r.timestamp)} ${t.clock}`),
    r.level !== 'INFO' && h('span', { class: 'badge' }, t.log.names[r.level] ?? r.level),
    h('p', {}, tell(r, t, f) + often),
    details(c, r),
  );
}

async function list(c: Context, level: string): Promise<(Node | undefined)[]> {
  const pages = new Pages(c, level === '' ? {} : { level });
  const first = await pages.next();
  if (first.length === 0) return [h('p', {}, c.t.log.empty)];
  const lines = h('ol', { class: 'plain' }, first.map((r) => line(c, r)));
  return [lines, growing(c, pages, (more) => lines.append(...more.map((r) => line(c, r))))];
}

/** The consumer log [Letztverbraucher-Log], newest first. */
export const log: View = async (c, into) => {
  const { t } = c;
  const body = h('div', {});
  const show = (level: string): Promise<void> => load(c, body, () => list(c, level));
  into.append(
    card(
      '',
      h('p', { class: 'quiet' }, t.log.intro),
      labelled(t.log.level, choice(Object.entries(t.log.levels), '', (v) => void show(v))),
      body,
    ),
  );
  await show('');
};
