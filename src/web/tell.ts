// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Log records in plain words. */

import { type LogRecord, event } from './api.ts';
import { instant, integer } from './check.ts';
import type { Format } from './format.ts';
import { isWholeDay } from './legal_time.ts';
import { direction } from './series.ts';
import type { Words } from './words/de.ts';

/** The `name=value` pairs of a record; the first of a name counts. */
export function extensions(r: LogRecord): Map<string, string> {
  const out = new Map<string, string>();
  for (const e of r.messageExtensions ?? []) {
    const at = e.indexOf('=');
    if (at > 0 && !out.has(e.slice(0, at))) out.set(e.slice(0, at), e.slice(at + 1));
  }
  return out;
}

function checked<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function span(x: Map<string, string>, t: Words, f: Format): string {
  const from = checked(() => Date.parse(instant(x.get('from'), '')));
  const to = checked(() => Date.parse(instant(x.get('to'), '')));
  if (from === undefined || to === undefined) return '';
  return isWholeDay(from, to) ? t.sent.forDay(f.day(from)) : t.sent.forSpan(f.dayAndClock(from), f.dayAndClock(to));
}

/** The host of a destination, which may be an address of the web or `host:port`. */
export function host(destination: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?(\[[^\]]+\]|[^/:]+)/i.exec(destination)?.[1] ?? destination;
}

/** `96 Werte (Bezug aus dem Netz) vom 24. November 2026 an supplier gesendet.` */
export function tellSent(r: LogRecord, t: Words, f: Format): string {
  const x = extensions(r);
  if (x.size === 0 && r.text) return r.text;
  const many = checked(() => integer(Number(x.get('values')), ''));
  const which = x.has('obis') ? direction(x.get('obis')!) : 'other';
  const what = which === 'other' ? (x.get('obis') ?? '') : t.direction[which];
  const to = x.get('recipient') ?? (r.destination ? host(r.destination) : t.sent.someone);
  return t.sent.sentence(many === undefined ? t.sent.someValues : t.sent.values(many), what, span(x, t, f), to);
}

/** What happened; the record's own text where the page knows no better. */
export function tell(r: LogRecord, t: Words, f: Format): string {
  const good = r.outcome === 'SUCCESS';
  const e = t.log.events;
  switch (r.eventId) {
    case event.valuesSent:
      return tellSent(r, t, f);
    case event.sendingFailed:
      return t.sent.notDelivered;
    case event.selfTest:
      return good ? e.selfTestGood : e.selfTestBad;
    case event.logStarted:
      return e.logStarted;
    case event.login:
      return good ? e.login : e.loginFailed;
    case event.meterFault:
      return e.meterFault;
    case event.profileChanged:
      return e.profileChanged;
    case event.dailyValueReleased:
      return e.dailyValueReleased;
    case event.tariffEvent:
      return e.tariffEvent;
    default:
      return r.text ?? `${r.eventId}`;
  }
}
