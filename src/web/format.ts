// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Numbers and times as people of a language write them; times are German legal time. */

import { type Exact, approximate, rounded, shifted, toText } from './decimal.ts';
import { zone } from './legal_time.ts';

export type Language = 'de' | 'en';

export class Format {
  readonly #locale: string;
  readonly #made = new Map<string, Intl.DateTimeFormat>();

  constructor(language: Language) {
    this.#locale = language === 'de' ? 'de-DE' : 'en-GB';
  }

  /** Exactly so many places; the text form keeps every digit. */
  number(x: Exact, places: number): string {
    const f = new Intl.NumberFormat(this.#locale, { minimumFractionDigits: places, maximumFractionDigits: places });
    return f.format(toText(rounded(x, places)) as `${number}`);
  }

  /** Wh become kWh; other units stay. Readings are shown with `places`, never rounded up to something untrue. */
  quantity(x: Exact, unit: string, places = 2): string {
    return unit.endsWith('Wh') && !unit.startsWith('k')
      ? `${this.number(shifted(x, 3), places)} k${unit}`
      : `${this.number(x, places)} ${unit}`;
  }

  /** A reading with all its digits. */
  reading(x: Exact, unit: string): string {
    const inKilo = unit === 'Wh' ? shifted(x, 3) : x;
    return `${this.number(inKilo, Math.max(0, inKilo.places))} ${unit === 'Wh' ? 'kWh' : unit}`;
  }

  power(w: Exact): string {
    const size = Math.abs(approximate(w));
    return size >= 10_000 ? `${this.number(shifted(w, 3), 2)} kW` : `${this.number(w, 0)} W`;
  }

  euro(x: Exact): string {
    const f = new Intl.NumberFormat(this.#locale, { style: 'currency', currency: 'EUR' });
    return f.format(toText(rounded(x, 2)) as `${number}`);
  }

  #date(at: number | string, o: Intl.DateTimeFormatOptions): string {
    const key = JSON.stringify(o);
    let f = this.#made.get(key);
    if (!f) this.#made.set(key, (f = new Intl.DateTimeFormat(this.#locale, { timeZone: zone, ...o })));
    return f.format(typeof at === 'string' ? Date.parse(at) : at);
  }
  clock(at: number | string): string {
    return this.#date(at, { hour: '2-digit', minute: '2-digit' });
  }
  seconds(at: number | string): string {
    return this.#date(at, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  }
  date(at: number | string): string {
    return this.#date(at, { day: '2-digit', month: '2-digit', year: 'numeric' });
  }
  day(at: number | string): string {
    return this.#date(at, { day: 'numeric', month: 'long', year: 'numeric' });
  }
  shortDay(at: number | string): string {
    return this.#date(at, { weekday: 'short', day: '2-digit', month: '2-digit' });
  }
  month(at: number | string): string {
    return this.#date(at, { month: 'long', year: 'numeric' });
  }
  shortMonth(at: number | string): string {
    return this.#date(at, { month: 'short' });
  }
  year(at: number | string): string {
    return this.#date(at, { year: 'numeric' });
  }
  dayAndClock(at: number | string): string {
    return this.#date(at, { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' });
  }
}
