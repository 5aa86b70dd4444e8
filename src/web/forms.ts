// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** The forms of api.ts as checks. Bounds are those of docs/han-api.md, or generous. */

import type { Contract, Gateway, LiveReading, Log, Readings, Refusal, Registers } from './api.ts';
import { type Check, decimal, flag, instant, integer, list, maybe, obis, oneOf, record, statusWord, text } from './check.ts';

const name = text(255);

export const gateway: Check<Gateway> = record<Gateway>({
  id: name,
  version: name,
  time: instant,
  time_valid: flag,
  started: instant,
  state: oneOf('ok', 'warning', 'fault'),
  consumer: name,
  meters: list(
    record<Gateway['meters'][number]>({
      id: name,
      medium: oneOf('electricity', 'gas', 'wireless'),
      last: maybe(instant),
      ok: flag,
    }),
    256,
  ),
  sending: record<Gateway['sending']>({ waiting: integer, last_success: maybe(instant) }),
  self_test: maybe(
    record<NonNullable<Gateway['self_test']>>({
      at: instant,
      passed: flag,
      findings: list(text(), 256),
      next_possible: maybe(instant),
    }),
  ),
});

export const uris: Check<string[]> = list(text(1024), 1024);

export const contract: Check<Contract> = record<Contract>({
  id: name,
  taf: integer,
  tariff: name,
  usage_point: name,
  inputs: list(record<Contract['inputs'][number]>({ meter: name, obis, sign: oneOf(1, -1) }), 32),
  registration_period_s: integer,
  billing_period: maybe(
    record<NonNullable<Contract['billing_period']>>({
      months: maybe(integer),
      days: maybe(integer),
      seconds: maybe(integer),
    }),
  ),
  valid_from: instant,
  valid_until: maybe(instant),
  price_ct_per_kwh: maybe(decimal),
  stages: list(
    record<Contract['stages'][number]>({ number: integer, description: name, price_ct_per_kwh: maybe(decimal) }),
    16,
  ),
  stage_now: maybe(integer),
  recipients: list(record<Contract['recipients'][number]>({ id: name, pseudonym: flag }), 16),
});

export const readings: Check<Readings> = record<Readings>({
  contract: name,
  lists: list(
    record<Readings['lists'][number]>({
      meter: name,
      obis,
      unit: text(16),
      period_s: integer,
      entries: list(
        record<Readings['lists'][number]['entries'][number]>({
          target: instant,
          captured: maybe(instant),
          value: maybe(decimal),
          status: statusWord,
          signature: maybe(text(1024)),
        }),
        4096,
      ),
    }),
    32,
  ),
  next: maybe(instant),
});

export const registers: Check<Registers> = record<Registers>({
  contract: name,
  periods: list(
    record<Registers['periods'][number]>({
      from: instant,
      to: instant,
      open: flag,
      registers: list(
        record<Registers['periods'][number]['registers'][number]>({
          obis,
          stage: integer,
          unit: text(16),
          level: decimal,
          status: statusWord,
        }),
        64,
      ),
    }),
    4096,
  ),
});

export const log: Check<Log> = record<Log>({
  records: list(
    record<Log['records'][number]>({
      recordNumber: integer,
      timestamp: instant,
      eventId: integer,
      level: text(16),
      outcome: text(16),
      subjectIdentity: maybe(name),
      userIdentity: maybe(name),
      destination: maybe(name),
      text: maybe(text()),
      messageExtensions: maybe(list(text(512), 16)),
      repetitionCounter: maybe(integer),
      evidence: maybe(text(128)),
    }),
    4096,
  ),
});

export const live: Check<LiveReading> = record<LiveReading>({
  meter: name,
  at: instant,
  power_w: maybe(decimal),
  registers: list(
    record<LiveReading['registers'][number]>({ obis, unit: text(16), value: decimal }),
    64,
  ),
});

export const refusal: Check<Refusal> = record<Refusal>({ error: text() });
