// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Values as they come, by server-sent events. The browser opens a broken stream again by itself. */

import { type LiveReading, paths } from './api.ts';
import { type Exact, exact, minus, negative } from './decimal.ts';
import * as forms from './forms.ts';
import { direction } from './series.ts';

export interface Now {
  reading: LiveReading;
  /** W; negative: into the grid. From the meter, or from its counting since the last telegram. */
  power?: Exact;
}
export type Listener = (now: Now | 'open' | 'closed' | 'gateway') => void;

/** Meters that tell no power count energy: over at least this long, the difference is a fair mean. */
const least_span_ms = 10_000;

/** Power in W from energy in Wh: exact up to the last step, where milliseconds divide. */
export function powerBetween(older: LiveReading, newer: LiveReading): Exact | undefined {
  const ms = Date.parse(newer.at) - Date.parse(older.at);
  if (ms < least_span_ms) return undefined;
  let net: Exact | undefined;
  for (const r of newer.registers) {
    const which = direction(r.obis);
    const before = older.registers.find((o) => o.obis === r.obis);
    if (which === 'other' || r.unit !== 'Wh' || !before) continue;
    const grown = minus(exact(r.value), exact(before.value));
    if (negative(grown)) return undefined;
    net = minus(net ?? exact('0'), which === 'import' ? minus(exact('0'), grown) : grown);
  }
  return net && { n: (net.n * 3_600_000n) / BigInt(ms), places: net.places };
}

export class Live {
  #listeners = new Set<Listener>();
  #stream: EventSource | undefined;
  #base = new Map<string, LiveReading>();
  #last = new Map<string, Now>();

  /** The newest of each meter at once, then what comes. Call the result to stop. */
  listen(hear: Listener): () => void {
    this.#listeners.add(hear);
    for (const now of this.#last.values()) hear(now);
    if (!this.#stream) this.#open();
    return () => {
      this.#listeners.delete(hear);
    };
  }

  #open(): void {
    const stream = (this.#stream = new EventSource(paths.live));
    stream.addEventListener('open', () => this.#tell('open'));
    stream.addEventListener('error', () => {
      this.#tell('closed');
      if (stream.readyState !== EventSource.CLOSED) return;
      this.#stream = undefined; // refused: ask again later, as long as someone listens
      setTimeout(() => this.#listeners.size > 0 && !this.#stream && this.#open(), 60_000);
    });
    stream.addEventListener('gateway', () => this.#tell('gateway'));
    stream.addEventListener('reading', (e) => this.#take((e as MessageEvent<string>).data));
  }

  #take(data: string): void {
    let reading: LiveReading;
    try {
      reading = forms.live(JSON.parse(data), '');
    } catch {
      return; // one telegram that cannot be read: the next is a second away
    }
    const now: Now = { reading };
    if (reading.power_w !== undefined) now.power = exact(reading.power_w);
    else this.#derive(reading, now);
    this.#last.set(reading.meter, now);
    this.#tell(now);
  }

  #derive(reading: LiveReading, now: Now): void {
    const base = this.#base.get(reading.meter);
    const power = base && powerBetween(base, reading);
    const known = power ?? this.#last.get(reading.meter)?.power;
    if (known) now.power = known;
    if (!base || power) this.#base.set(reading.meter, reading);
  }

  #tell(what: Now | 'open' | 'closed' | 'gateway'): void {
    for (const hear of this.#listeners) hear(what);
  }
}
