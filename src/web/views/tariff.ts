// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import { type Contract, type RegisterPeriod, errorStage, totalStage } from '../api.ts';
import { type Exact, exact, minus, negative, plus } from '../decimal.ts';
import { facts, h, table } from '../dom.ts';
import { cost, priceOf, priceText, setPrice } from '../prices.ts';
import { direction } from '../series.ts';
import { store } from '../store.ts';
import { type Context, card, load, type View } from './context.ts';

export interface StageEnergy {
  stage: number;
  unit: string;
  energy: Exact;
}

/** Energy of each register in each period: levels minus those of the period before, which begin at zero. */
export function energies(periods: readonly RegisterPeriod[]): { period: RegisterPeriod; stages: StageEnergy[] }[] {
  const levels = new Map<number, Exact>();
  return periods.map((period) => ({
    period,
    stages: period.registers.map((r) => {
      const level = exact(r.level);
      const energy = minus(level, levels.get(r.stage) ?? exact('0'));
      levels.set(r.stage, level);
      return { stage: r.stage, unit: r.unit, energy: negative(energy) ? exact('0') : energy };
    }),
  }));
}

const label = (c: Context, k: Contract, stage: number): string => {
  if (stage === totalStage) return k.stages.length > 0 ? c.t.total : c.t.tariff.whole;
  if (stage === errorStage) return c.t.tariff.unknown;
  return k.stages.find((s) => s.number === stage)?.description ?? `${c.t.tariff.stage} ${stage}`;
};

export interface Cost {
  euro: Exact;
  /** False: there is energy that has no price. */
  whole: boolean;
}
/** What a period cost: of its stages where there are any, else of the total. Undefined: no price at all. */
export function periodCost(stages: readonly StageEnergy[], price: (stage: number) => Exact | undefined): Cost | undefined {
  const split = stages.filter((s) => s.stage !== totalStage);
  let all: Cost | undefined;
  let whole = true;
  for (const s of split.length > 0 ? split : stages) {
    if (s.energy.n === 0n) continue;
    const p = s.unit === 'Wh' ? price(s.stage) : undefined;
    if (p) all = { euro: plus(all?.euro ?? exact('0'), cost(s.energy, p)), whole };
    else whole = false;
  }
  return all && { ...all, whole };
}

const money = (c: Context, x: Cost | undefined): string =>
  !x ? '–' : x.whole ? c.f.euro(x.euro) : c.t.tariff.atLeast(c.f.euro(x.euro));

const localPrice = (c: Context, text: string): string => (c.language === 'de' ? text.replace('.', ',') : text);

function prices(c: Context, k: Contract, changed: () => void): HTMLElement {
  const { t } = c;
  const stages = k.stages.length > 0 ? k.stages.map((s) => s.number) : [totalStage];
  const note = h('p', { role: 'status', class: 'note' });
  return h(
    'div',
    {},
    stages.map((stage) => {
      const field = h('input', { type: 'text', inputmode: 'decimal', size: 7, value: localPrice(c, priceText(store, k, stage)), maxlength: 9 });
      field.id = `price-${k.id}-${stage}`;
      field.addEventListener('change', () => {
        const good = setPrice(store, k.id, stage, field.value);
        field.setAttribute('aria-invalid', String(!good));
        note.textContent = good ? '' : t.tariff.badPrice;
        if (good) changed();
      });
      const active = k.stage_now === stage;
      return h(
        'div',
        { class: 'field price' },
        h('label', { for: field.id }, `${label(c, k, stage)}: ${t.tariff.price}`),
        field,
        active && h('span', { class: 'badge' }, t.tariff.active),
      );
    }),
    note,
    h('p', { class: 'quiet small' }, t.tariff.priceHint),
  );
}

async function periods(c: Context, k: Contract): Promise<(Node | undefined)[]> {
  const { t, f } = c;
  const all = energies((await c.source.registers(k.id)).periods).reverse();
  if (all.length === 0) return [h('p', {}, t.tariff.empty)];
  const stages = [...new Set(all.flatMap((p) => p.stages.map((s) => s.stage)))];
  // stages first, then energy without one, the total at the end
  const order = (s: number): number => (s === totalStage ? 1000 : s);
  stages.sort((a, b) => order(a) - order(b));
  const price = (s: number): Exact | undefined => priceOf(store, k, s);
  const rows = all.map(({ period, stages: of }) => {
    return [
      `${f.date(period.from)} – ${period.open ? t.tariff.running : f.date(Date.parse(period.to) - 1)}`,
      ...stages.map((s) => {
        const found = of.find((e) => e.stage === s);
        return found ? f.quantity(found.energy, found.unit) : '–';
      }),
      money(c, periodCost(of, price)),
    ];
  });
  return [
    table(
      `${k.tariff}: ${t.tariff.period}`,
      [t.tariff.period, ...stages.map((s) => label(c, k, s)), t.tariff.cost],
      rows,
      { numeric: [...stages.keys(), stages.length].map((n) => n + 1) },
    ),
    stages.includes(errorStage) ? h('p', { class: 'quiet small' }, t.tariff.unknownHint) : undefined,
  ];
}

function contract(c: Context, k: Contract): HTMLElement {
  const { t, f } = c;
  const body = h('div', {});
  const show = (): void => void load(c, body, () => periods(c, k));
  const counts = k.taf >= 1 && k.taf <= 5;
  const priced = (counts || k.taf === 7) && k.inputs.some((i) => direction(i.obis) === 'import');
  if (counts) show();
  return card(
    k.tariff === '' ? k.id : k.tariff,
    h('p', {}, t.tariff.use[k.taf] ?? ''),
    priced && prices(c, k, counts ? show : () => undefined),
    counts && body,
    facts([
      [t.tariff.from, f.day(k.valid_from) + (k.valid_until ? ` ${t.tariff.until} ${f.day(k.valid_until)}` : '')],
      [t.tariff.usagePoint, k.usage_point],
      [t.meter, [...new Set(k.inputs.map((i) => i.meter))].join(', ')],
      [t.tariff.recipients, k.recipients.map((r) => r.id + (r.pseudonym ? ` (${t.tariff.pseudonym})` : '')).join(', ')],
      [t.tariff.number, `TAF ${k.taf} (${k.id})`],
    ]),
  );
}

export const tariff: View = async (c, into) => {
  const contracts = await c.source.contracts();
  if (contracts.length === 0) into.append(card(c.t.pages.tariff, h('p', {}, c.t.tariff.none)));
  // tariffs with stages first: what they cost is what people come for
  const weight = (k: Contract): number => (k.stages.length > 0 ? 0 : k.taf <= 5 ? 1 : 2);
  into.append(...[...contracts].sort((a, b) => weight(a) - weight(b) || a.taf - b.taf).map((k) => contract(c, k)));
};
