// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Pictures of numbers. uPlot is loaded when the first one is wanted; each can be walked with the arrow keys. */

import type uPlot from 'uplot';

import { h } from './dom.ts';

export interface Line {
  label: string;
  /** Name of the colour in style.css. */
  colour: string;
  /** One for each x; null: not known. */
  values: (number | null)[];
}
export interface Picture {
  kind: 'steps' | 'bars';
  /** Steps: the beginning of each, in seconds, and at last the end of the last. Bars: their names stand in `names`. */
  x: number[];
  lines: Line[];
  summary: string;
  /** Of the axis below, at this x. */
  tick: (x: number) => string;
  number: (y: number) => string;
  /** What stands at place n, in words. */
  say: (n: number) => string;
  /** Where the axis below has its marks; missing: at each bar. */
  marks?: number[];
}

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** A step is drawn up to the next value: the last one known goes on to the end of its own. */
export function drawn(values: readonly (number | null)[]): (number | null)[] {
  const out = [...values];
  const last = out.findLastIndex((v) => v !== null);
  if (last >= 0 && last + 1 < out.length) out[last + 1] = out[last]!;
  return out;
}

/** As many marks as have room for their words, from the first on at equal distances. */
export function thinned(marks: readonly number[], width: number): number[] {
  const every = Math.max(1, Math.ceil((marks.length * room) / width));
  return marks.filter((_, n) => n % every === 0);
}
const room = 44; // pixels

const font = '12px system-ui, sans-serif';

function options(p: Picture, u: typeof uPlot, width: number, walked: (n: number | undefined) => void): uPlot.Options {
  const paths =
    p.kind === 'steps' ? u.paths.stepped!({ align: 1, alignGaps: 1 }) : u.paths.bars!({ size: [0.72, 48], radius: 0.15 });
  const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font };
  const bars = p.kind === 'bars';
  return {
    width,
    height: 260,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    scales: {
      x: { time: false, range: bars ? [-0.5, p.x.length - 0.5] : [p.x[0]!, p.x[p.x.length - 1]!] },
      y: { range: (_, low, high) => [Math.min(0, low * 1.05), Math.max(high * 1.05, low < 0 ? 0 : 1e-9)] },
    },
    axes: [
      { ...axis, grid: { show: false }, splits: (plot) => thinned(p.marks ?? p.x, plot.bbox.width / devicePixelRatio), values: (_, at) => at.map(p.tick) },
      { ...axis, size: 56, values: (_, at) => at.map((y) => p.number(Math.abs(y))) },
    ],
    series: [
      {},
      ...p.lines.map((l) => ({
        label: l.label,
        stroke: colour(l.colour),
        fill: colour(bars ? l.colour : `${l.colour}-area`),
        width: bars ? 0 : 1.5,
        points: { show: false },
        paths,
      })),
    ],
    hooks: { setCursor: [(plot: uPlot): void => walked(plot.cursor.idx ?? undefined)] },
  };
}

const data = (p: Picture): uPlot.AlignedData => [
  p.x,
  ...p.lines.map((l) => (p.kind === 'steps' ? drawn(l.values) : l.values)),
];

/** Arrow keys, Home and End; undefined: another key. */
export function step(key: string, now: number, last: number): number | undefined {
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.max(0, now - 1);
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(last, now + 1);
  if (key === 'Home') return 0;
  return key === 'End' ? last : undefined;
}

function legend(p: Picture): HTMLElement | undefined {
  if (p.lines.length < 2) return undefined;
  return h('ul', { class: 'legend' }, p.lines.map((l) => h('li', { class: l.colour.slice(2) }, l.label)));
}

/** A figure that draws itself once it is on the page, again when its width or the colours change. */
export function picture(p: Picture, signal: AbortSignal): HTMLElement {
  const last = p.x.length - (p.kind === 'steps' ? 2 : 1);
  const said = h('p', { class: 'said', 'aria-hidden': 'true' }, '\u00a0');
  const stage = h('div', {
    class: 'plot',
    tabindex: 0,
    role: 'slider',
    'aria-label': p.summary,
    'aria-valuemin': 0,
    'aria-valuemax': last,
    'aria-valuenow': 0,
    'aria-valuetext': p.say(0),
  });
  let plot: uPlot | undefined;
  const walked = (n: number | undefined): void => {
    if (n === undefined) return;
    const at = Math.min(n, last);
    said.textContent = p.say(at);
    stage.setAttribute('aria-valuenow', String(at));
    stage.setAttribute('aria-valuetext', p.say(at));
  };
  const build = async (): Promise<void> => {
    const u = (await import('uplot')).default;
    if (signal.aborted || stage.clientWidth === 0) return;
    plot?.destroy();
    plot = new u(options(p, u, stage.clientWidth, walked), data(p), stage);
  };
  stage.addEventListener('keydown', (e) => {
    const to = step(e.key, Number(stage.getAttribute('aria-valuenow')), last);
    if (to === undefined) return;
    e.preventDefault();
    walked(to);
    plot?.setCursor({ left: plot.valToPos(p.x[to]!, 'x') + 1, top: 0 }, false);
  });
  const size = new ResizeObserver(() => {
    if (!plot) void build();
    else if (plot.width !== stage.clientWidth) plot.setSize({ width: stage.clientWidth, height: 260 });
  });
  size.observe(stage);
  document.addEventListener('colours', () => void build(), { signal });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => void build(), { signal });
  signal.addEventListener('abort', () => {
    size.disconnect();
    plot?.destroy();
  });
  return h('figure', {}, legend(p), stage, said);
}
