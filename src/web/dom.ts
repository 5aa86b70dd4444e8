// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Elements without markup in strings: nothing that came from outside is ever parsed as HTML. */

type Child = Node | string | number | undefined | false | null;
type Attributes = Record<string, string | number | boolean | undefined | ((e: Event) => void)>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') e.addEventListener(name, value);
    else if (value !== undefined && value !== false) e.setAttribute(name, value === true ? '' : String(value));
  }
  fill(e, ...children);
  return e;
}

/** Replaces everything inside. */
export function fill(e: Element, ...children: (Child | Child[])[]): void {
  const nodes = children.flat().filter((c) => c !== undefined && c !== false && c !== null);
  e.replaceChildren(...nodes.map((c) => (c instanceof Node ? c : String(c))));
}

/** A table with a caption for screen readers; a cell that is a number stands to the right. */
export function table(
  caption: string,
  head: string[],
  rows: (Child | Child[])[][],
  options: { numeric?: number[] } = {},
): HTMLElement {
  const right = (n: number): string | undefined => (options.numeric?.includes(n) ? 'number' : undefined);
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', { class: 'unseen' }, caption),
      h('thead', {}, h('tr', {}, head.map((t, n) => h('th', { scope: 'col', class: right(n) }, t)))),
      h(
        'tbody',
        {},
        rows.map((cells) =>
          h(
            'tr',
            {},
            cells.map((c, n) =>
              n === 0 ? h('th', { scope: 'row' }, ...[c].flat()) : h('td', { class: right(n) }, ...[c].flat()),
            ),
          ),
        ),
      ),
    ),
  );
}

let count = 0;
/** A field with its label; the label is found by screen readers and by a tap. */
export function labelled(label: string, field: HTMLElement): HTMLElement {
  field.id = field.id || `f${++count}`;
  return h('div', { class: 'field' }, h('label', { for: field.id }, label), field);
}

export function choice(values: [string, string][], now: string, changed: (v: string) => void): HTMLSelectElement {
  const e = h('select', {}, values.map(([value, label]) => h('option', { value, selected: value === now }, label)));
  e.addEventListener('change', () => changed(e.value));
  return e;
}

/** Terms and their descriptions; those without one are left out. */
export function facts(rows: [string, Child | Child[]][]): HTMLElement {
  return h(
    'dl',
    {},
    rows
      .filter(([, d]) => d !== undefined && d !== '')
      .map(([term, d]) => h('div', {}, h('dt', {}, term), h('dd', {}, ...[d].flat()))),
  );
}
