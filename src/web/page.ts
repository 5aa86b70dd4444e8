// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** The consumer's page: its frame, its parts, and the way between them. */

import 'uplot/dist/uPlot.min.css';
import './style.css';

import { choice, h, labelled } from './dom.ts';
import { Format } from './format.ts';
import { Live } from './live.ts';
import { language, theme } from './settings.ts';
import { Source } from './source.ts';
import { store } from './store.ts';
import { type Context, trouble, type View } from './views/context.ts';
import { exports } from './views/exports.ts';
import { gateway } from './views/gateway.ts';
import { history } from './views/history.ts';
import { log } from './views/log.ts';
import { overview } from './views/overview.ts';
import { readings } from './views/readings.ts';
import { sent } from './views/sent.ts';
import { tariff } from './views/tariff.ts';
import { de, type Words } from './words/de.ts';
import { en } from './words/en.ts';

const views: Record<keyof Words['pages'], View> = { overview, history, readings, tariff, sent, log, exports, gateway };
type Name = keyof typeof views;
const words = { de, en };

const source = new Source();
const live = new Live();
let ending = new AbortController();

const named = (): Name => {
  const name = location.hash.replace(/^#\/?/, '');
  return Object.hasOwn(views, name) ? (name as Name) : 'overview';
};

/** Colours as chosen; pictures draw themselves anew. */
function paint(): void {
  document.documentElement.dataset['theme'] = theme(store);
  document.dispatchEvent(new Event('colours'));
}

function frame(now: Name): { t: Words; main: HTMLElement; title: HTMLElement; other: HTMLElement } {
  const speak = language(store, navigator.languages);
  const t = words[speak];
  document.documentElement.lang = speak;
  document.title = `${t.pages[now]} – ${t.name}`;
  const title = h('h1', { tabindex: -1 }, t.pages[now]);
  const main = h('main', { id: 'content' }, title);
  const links = (Object.keys(views) as Name[]).map((n) =>
    h('li', {}, h('a', { href: `#/${n}`, 'aria-current': n === now ? 'page' : undefined }, t.pages[n])),
  );
  const themes = (['auto', 'light', 'dark'] as const).map((v): [string, string] => [v, t.theme[v]]);
  const other = h('button', { type: 'button', lang: speak === 'de' ? 'en' : 'de' }, t.language);
  other.addEventListener('click', () => {
    store.setItem('language', speak === 'de' ? 'en' : 'de');
    show('language');
  });
  document.body.replaceChildren(
    h('a', { class: 'skip', href: '#content', click: (e) => (e.preventDefault(), title.focus()) }, t.skip),
    h('header', {}, h('p', { class: 'name' }, t.name), h('nav', { 'aria-label': t.menu }, h('ul', {}, links))),
    main,
    h(
      'footer',
      {},
      other,
      labelled(t.theme.label, choice(themes, theme(store), (v) => (store.setItem('theme', v), paint()))),
      h('a', { href: '/licences.txt' }, t.licences),
    ),
  );
  return { t, main, title, other };
}

function show(why: 'start' | 'way' | 'language' | 'again'): void {
  ending.abort();
  ending = new AbortController();
  const now = named();
  const { t, main, title, other } = frame(now);
  const speak = document.documentElement.lang as 'de' | 'en';
  const body = h('div', { class: 'body' });
  main.append(body);
  document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  const c: Context = { t, f: new Format(speak), language: speak, source, live, signal: ending.signal };
  if (why === 'way') {
    window.scrollTo(0, 0);
    title.focus({ preventScroll: true });
  }
  if (why === 'language') other.focus();
  views[now](c, body).catch((e: unknown) => {
    if (!c.signal.aborted) body.replaceChildren(trouble(c, e, () => show('again')));
  });
}

paint();
window.addEventListener('hashchange', () => show('way'));
show('start');
