// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import type { Gateway, SelfTest } from '../api.ts';
import { facts, h } from '../dom.ts';
import { type Context, card, load, trouble, type View } from './context.ts';
import { stateLine } from './now.ts';

function about(c: Context, g: Gateway): HTMLElement {
  const { t, f } = c;
  return facts([
    [t.gateway.id, g.id],
    [t.gateway.version, g.version],
    [t.gateway.time, `${f.dayAndClock(g.time)} ${t.clock}${g.time_valid ? '' : ` (${t.gateway.timeBad})`}`],
    [t.gateway.started, `${f.dayAndClock(g.started)} ${t.clock}`],
    [t.gateway.consumer, g.consumer],
    [t.gateway.sending, String(g.sending.waiting)],
    [t.gateway.lastSent, g.sending.last_success ? `${f.dayAndClock(g.sending.last_success)} ${t.clock}` : t.none],
  ]);
}

function meters(c: Context, g: Gateway): HTMLElement {
  const { t, f } = c;
  if (g.meters.length === 0) return h('p', {}, t.none);
  return facts(
    g.meters.map((m) => [
      `${m.id} (${t.gateway.medium[m.medium]})`,
      `${m.ok ? t.marks.good : t.gateway.silent}, ${t.gateway.lastSeen} ${m.last ? f.dayAndClock(m.last) : t.gateway.never}`,
    ]),
  );
}

function result(c: Context, test: SelfTest | undefined): (Node | string)[] {
  const { t, f } = c;
  if (!test) return [h('p', {}, t.gateway.testNever)];
  return [
    h(
      'p',
      { class: `state ${test.passed ? 'ok' : 'fault'}` },
      h('span', { class: 'sign', 'aria-hidden': 'true' }, test.passed ? '✓' : '×'),
      `${test.passed ? t.gateway.testGood : t.gateway.testBad} (${f.dayAndClock(test.at)} ${t.clock})`,
    ),
    ...(test.findings.length > 0 ? [h('ul', {}, test.findings.map((x) => h('li', { lang: 'en' }, x)))] : []),
  ];
}

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const polls = 30;

/** Starts a self-test and waits until its result stands in the gateway's state. */
async function run(c: Context, before: string | undefined): Promise<SelfTest | undefined> {
  await c.source.selfTest();
  for (let n = 0; n < polls && !c.signal.aborted; n++) {
    await wait(1000);
    const { self_test } = await c.source.gateway();
    if (self_test && self_test.at !== before) return self_test;
  }
  return undefined;
}

function testCard(c: Context, first: SelfTest | undefined): HTMLElement {
  const { t, f } = c;
  let last = first;
  const place = h('div', { role: 'status' });
  const button = h('button', { type: 'button', class: 'main' }, t.gateway.testStart);
  const later = h('p', { class: 'quiet small' });
  const show = (): void => {
    place.replaceChildren(...result(c, last));
    const next = last?.next_possible;
    later.textContent = next && Date.parse(next) > Date.now() ? t.gateway.testLater(f.clock(next)) : '';
  };
  button.addEventListener('click', () => {
    button.disabled = true;
    place.replaceChildren(h('p', {}, t.gateway.testRuns));
    run(c, last?.at)
      .then((found) => {
        last = found ?? last;
        show();
        if (!found) place.append(h('p', {}, t.gateway.testSlow));
      })
      .catch((e: unknown) => {
        show();
        place.prepend(trouble(c, e, () => button.click()));
      })
      .finally(() => (button.disabled = false));
  });
  show();
  return card(t.gateway.test, h('p', { class: 'quiet' }, t.gateway.testHint), place, button, later);
}

/** How the gateway is, which meters it hears, and its self-test. */
export const gateway: View = (c, into) => {
  const body = h('div', {});
  into.append(body);
  return load(c, body, async () => {
    const g = await c.source.gateway();
    return [
      card(c.t.gateway.about, stateLine(c, g), about(c, g)),
      card(c.t.gateway.meters, meters(c, g)),
      testCard(c, g.self_test),
    ];
  });
};
