// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import { type LogRecord, paths } from '../api.ts';
import { logCsv, readingsCsv, registersCsv } from '../csv.ts';
import { choice, h, labelled } from '../dom.ts';
import { dayOf, isoDay, parseDay, shift, startOf } from '../legal_time.ts';
import { ask, query } from '../source.ts';
import { type Context, card, trouble, type View } from './context.ts';

type Kind = 'readings' | 'registers' | 'log';
type Form = 'csv' | 'json' | 'xml' | 'signed';
const suite = 'CMS_ECDSA_SHA256_Detached';

export interface Wish {
  kind: Kind;
  form: Form;
  contract: string;
  from: number;
  to: number;
}

/** Forms that a kind of data comes in. */
export const formsOf = (kind: Kind): Form[] => (kind === 'readings' ? ['csv', 'json', 'xml', 'signed'] : ['csv', 'json', 'signed']);

/** Where the gateway gives it as it is: the page adds nothing, so that signatures stay valid. */
export function addressOf(w: Wish): string {
  const path = w.kind === 'log' ? paths.log : paths[w.kind](w.contract);
  const q = query({ from: w.from, to: w.to });
  return w.form === 'signed' ? `${path}${q}&q.signed=${suite}` : path + q;
}

async function wholeLog(c: Context, w: Wish): Promise<LogRecord[]> {
  const all = new Map<number, LogRecord>();
  for (let before = w.to; ; ) {
    const { records } = await c.source.log({ from: w.from, before, count: 1000 });
    const known = all.size;
    for (const r of records) all.set(r.recordNumber, r);
    const oldest = records.at(-1);
    if (!oldest || all.size === known || records.length < 1000) return [...all.values()];
    before = Date.parse(oldest.timestamp) + 1;
  }
}

async function content(c: Context, w: Wish): Promise<Blob> {
  if (w.form !== 'csv') {
    const accept = w.form === 'xml' ? 'application/xml' : 'application/json';
    return (await ask(addressOf(w), { headers: { Accept: accept } })).blob();
  }
  const text =
    w.kind === 'log'
      ? logCsv(await wholeLog(c, w))
      : w.kind === 'registers'
        ? registersCsv(await c.source.registers(w.contract), c.language)
        : readingsCsv(await c.source.readings(w.contract, w.from, w.to - 1), c.language);
  return new Blob([text], { type: 'text/csv;charset=utf-8' });
}

function save(name: string, what: Blob): void {
  const address = URL.createObjectURL(what);
  h('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Files for the consumer's own device. */
export const exports: View = async (c, into) => {
  const { t } = c;
  const contracts = await c.source.contracts();
  const today = dayOf(Date.now());
  let kind: Kind = 'readings';
  const max = isoDay(today);
  const from = h('input', { type: 'date', value: isoDay({ ...today, day: 1 }), max, required: true });
  const to = h('input', { type: 'date', value: max, max, required: true });
  const contract = choice(contracts.map((k) => [k.id, `${k.tariff} (${k.id})`]), contracts[0]?.id ?? '', () => undefined);
  const form = h('select');
  const said = h('p', { role: 'status', class: 'note' });
  const offer = (): void => {
    form.replaceChildren(...formsOf(kind).map((v) => h('option', { value: v }, t.exports.formats[v])));
    contract.disabled = kind === 'log';
  };
  offer();
  const start = async (): Promise<void> => {
    const [a, b] = [parseDay(from.value), parseDay(to.value)];
    if (!a || !b || startOf(a) > startOf(b)) {
      said.textContent = t.exports.badDates;
      return;
    }
    const w: Wish = {
      kind,
      form: form.value as Form,
      contract: contract.value,
      from: startOf(a),
      to: startOf(shift(b, { days: 1 })),
    };
    const name = `${kind}-${kind === 'log' ? '' : `${w.contract}-`}${from.value}-${to.value}.${w.form === 'signed' ? 'signed.json' : w.form}`;
    said.textContent = t.loading;
    try {
      save(name, await content(c, w));
      said.textContent = t.exports.saved(name);
    } catch (e) {
      said.replaceChildren(trouble(c, e, () => void start()));
    }
  };
  const kinds = (Object.keys(t.exports.kinds) as Kind[]).map((k): [string, string] => [k, t.exports.kinds[k]]);
  into.append(
    card(
      '',
      h('p', { class: 'quiet' }, t.exports.intro),
      h(
        'form',
        {
          class: 'stack',
          submit: (e) => {
            e.preventDefault();
            void start();
          },
        },
        labelled(t.exports.what, choice(kinds, kind, (v) => ((kind = v as Kind), offer()))),
        labelled(t.exports.contract, contract),
        labelled(t.exports.from, from),
        labelled(t.exports.to, to),
        labelled(t.exports.format, form),
        h('button', { type: 'submit', class: 'main' }, t.exports.save),
      ),
      said,
    ),
  );
};
