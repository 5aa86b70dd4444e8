// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Reading JSON from outside: what does not have the expected form is refused, with the place in the document. */

export class Malformed extends Error {}
export type Check<T> = (x: unknown, at: string) => T;

const fail = (at: string, want: string): never => {
  throw new Malformed(`${at}: not ${want}`);
};

/** Text of at most `most` characters. */
export const text =
  (most = 8192): Check<string> =>
  (x, at) =>
    typeof x === 'string' && x.length <= most ? x : fail(at, `text of at most ${most} characters`);

const matching =
  (form: RegExp, most: number, want: string): Check<string> =>
  (x, at) =>
    typeof x === 'string' && x.length <= most && form.test(x) ? x : fail(at, want);

export const decimal = matching(/^-?\d+(\.\d+)?$/, 64, 'a decimal number in quotes');
export const obis = matching(/^\d{1,3}-\d{1,3}:\d{1,3}\.\d{1,3}\.\d{1,3}(\*\d{1,3})?$/, 24, 'an OBIS code');
export const statusWord = matching(/^[0-9a-fA-F]{16}$/, 16, 'a status word');
const utc = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/, 24, 'an instant in UTC');
export const instant: Check<string> = (x, at) => {
  const s = utc(x, at);
  return Number.isNaN(Date.parse(s)) ? fail(at, 'an instant in UTC') : s;
};

export const integer: Check<number> = (x, at) => (Number.isSafeInteger(x) ? (x as number) : fail(at, 'a whole number'));
export const flag: Check<boolean> = (x, at) => (typeof x === 'boolean' ? x : fail(at, 'true or false'));

export const oneOf =
  <const T extends readonly (string | number)[]>(...values: T): Check<T[number]> =>
  (x, at) =>
    values.includes(x as T[number]) ? (x as T[number]) : fail(at, `one of ${values.join(', ')}`);

export const list =
  <T>(of: Check<T>, most: number): Check<T[]> =>
  (x, at) =>
    Array.isArray(x) && x.length <= most ? x.map((e, i) => of(e, `${at}/${i}`)) : fail(at, `a list of at most ${most}`);

/** A member that may be missing. */
export const maybe = <T>(of: Check<T>): Check<T> & { optional: true } =>
  Object.assign((x: unknown, at: string) => of(x, at), { optional: true as const });

type Shape<T> = { [K in keyof T]-?: Check<NonNullable<T[K]>> };
/** An object with these members; unknown ones are dropped. */
export const record =
  <T extends object>(shape: Shape<T>): Check<T> =>
  (x, at) => {
    if (typeof x !== 'object' || x === null || Array.isArray(x)) return fail(at, 'an object');
    const out: Record<string, unknown> = {};
    for (const [name, check] of Object.entries(shape) as [string, Check<unknown> & { optional?: true }][]) {
      const value = Object.hasOwn(x, name) ? (x as Record<string, unknown>)[name] : undefined;
      if (value === undefined && check.optional) continue;
      out[name] = check(value, `${at}/${name}`);
    }
    return out as T;
  };
