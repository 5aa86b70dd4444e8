// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import type { LogRecord } from '../api.ts';
import { h } from '../dom.ts';
import type { Context } from './context.ts';

export interface Question {
  level?: string;
  type?: number;
}

/** Reads a log page by page, newest first, each record once. */
export class Pages {
  readonly #seen = new Set<number>();
  #before: number | undefined;
  done = false;

  constructor(
    private readonly c: Context,
    private readonly q: Question,
    private readonly size = 100,
  ) {}

  async next(): Promise<LogRecord[]> {
    const { records } = await this.c.source.log({
      ...this.q,
      count: this.size,
      ...(this.#before === undefined ? {} : { before: this.#before }),
    });
    const fresh = records.filter((r) => !this.#seen.has(r.recordNumber));
    for (const r of fresh) this.#seen.add(r.recordNumber);
    // records of the same millisecond may stand on both sides of the cut: the next page begins with them
    const oldest = records.at(-1);
    if (oldest) this.#before = Date.parse(oldest.timestamp) + 1;
    this.done = records.length < this.size || fresh.length === 0;
    return fresh;
  }
}

/** A list that grows at the push of a button; `put` shows further records. */
export function growing(c: Context, pages: Pages, put: (r: LogRecord[]) => void): HTMLElement {
  const end = h('div', { class: 'more' });
  const button = h('button', { type: 'button' }, c.t.log.more);
  button.addEventListener('click', () => {
    button.disabled = true;
    pages
      .next()
      .then((r) => {
        put(r);
        button.disabled = false;
        if (pages.done) end.replaceChildren(h('p', { class: 'quiet', role: 'status' }, c.t.log.all));
      })
      .catch(() => {
        button.disabled = false;
        end.replaceChildren(button, h('p', { role: 'alert' }, c.t.failed.unreachable));
      });
  });
  end.replaceChildren(pages.done ? h('p', { class: 'quiet' }, c.t.log.all) : button);
  return end;
}
