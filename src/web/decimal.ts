// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Exact decimal numbers: meter readings and money are never floating point. The value is n · 10^-places. */
export interface Exact {
  readonly n: bigint;
  readonly places: number;
}

export const zero: Exact = { n: 0n, places: 0 };

/** Takes what check.decimal lets through. */
export function exact(text: string): Exact {
  const dot = text.indexOf('.');
  return dot < 0
    ? { n: BigInt(text), places: 0 }
    : { n: BigInt(text.slice(0, dot) + text.slice(dot + 1)), places: text.length - dot - 1 };
}

const at = (a: Exact, places: number): bigint => a.n * 10n ** BigInt(places - a.places);
const finer = (a: Exact, b: Exact): number => Math.max(a.places, b.places);

export const plus = (a: Exact, b: Exact): Exact => {
  const places = finer(a, b);
  return { n: at(a, places) + at(b, places), places };
};
export const minus = (a: Exact, b: Exact): Exact => plus(a, { n: -b.n, places: b.places });
export const times = (a: Exact, b: Exact): Exact => ({ n: a.n * b.n, places: a.places + b.places });
/** a · 10^-by */
export const shifted = (a: Exact, by: number): Exact =>
  a.places + by >= 0 ? { n: a.n, places: a.places + by } : { n: a.n * 10n ** BigInt(-a.places - by), places: 0 };
export const negative = (a: Exact): boolean => a.n < 0n;
export const sum = (all: Iterable<Exact>): Exact => {
  let total = zero;
  for (const a of all) total = plus(total, a);
  return total;
};

/** Half away from zero, as invoices are rounded. */
export function rounded(a: Exact, places: number): Exact {
  if (a.places <= places) return { n: at(a, places), places };
  const unit = 10n ** BigInt(a.places - places);
  const size = a.n < 0n ? -a.n : a.n;
  const n = (size + unit / 2n) / unit;
  return { n: a.n < 0n ? -n : n, places };
}

/** Plain notation with all its places: `-0.50`. */
export function toText(a: Exact): string {
  const digits = (a.n < 0n ? -a.n : a.n).toString().padStart(a.places + 1, '0');
  const whole = digits.slice(0, digits.length - a.places);
  const sign = a.n < 0n ? '-' : '';
  return sign + whole + (a.places > 0 ? `.${digits.slice(-a.places)}` : '');
}

/** For pictures only. */
export const approximate = (a: Exact): number => Number(toText(a));
