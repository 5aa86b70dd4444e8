// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/**
 * What the page asks the gateway for, and what it gets: the JSON below /smgw/con/v1/.
 * Paths, methods and query parameters follow the detail specification (6.7, 6.8); the contents are PROPOSED, because
 * the published text gives none. docs/han-api.md says the same for people; the two change together.
 */

/** An instant in UTC: `2026-11-25T12:00:00Z`, with milliseconds where they are not zero. */
export type Instant = string;
/** An exact decimal number as text: `12345.678`. Never a JSON number, so that no digit is lost. */
export type Decimal = string;
/** `1-0:1.8.0*255`; group F may be missing. */
export type Obis = string;

const root = '/smgw/con/v1';
export const paths = {
  gateway: `${root}/rts/Gateway/self`,
  contracts: `${root}/rts/Contract/`,
  readings: (contract: string): string => `${root}/exp/Readings/${encodeURIComponent(contract)}`,
  registers: (contract: string): string => `${root}/exp/Registers/${encodeURIComponent(contract)}`,
  log: `${root}/exp/Log/self`,
  live: `${root}/exp/Live/self`,
  selfTest: `${root}/fas/SelfTest`,
} as const;

/** GET rts/Gateway/self */
export interface Gateway {
  id: string;
  version: string;
  time: Instant;
  /** False: the gateway does not know the time well enough to register values for billing. */
  time_valid: boolean;
  started: Instant;
  state: 'ok' | 'warning' | 'fault';
  /** Who is logged in: the consumer of the HAN profile. */
  consumer: string;
  meters: Meter[];
  /** What lies in the outbox for the market, and when something was last acknowledged by someone out there. */
  sending: { waiting: number; last_success?: Instant };
  self_test?: SelfTest;
}
export interface Meter {
  id: string;
  medium: 'electricity' | 'gas' | 'wireless';
  /** When the newest telegram came. */
  last?: Instant;
  ok: boolean;
}
export interface SelfTest {
  at: Instant;
  passed: boolean;
  /** For people, in English: what was found. */
  findings: string[];
  /** Before this instant another one is refused with 403. */
  next_possible?: Instant;
}

/** GET rts/Contract/ is an array of URIs; GET of one of them is this: an evaluation profile of the consumer. */
export interface Contract {
  id: string;
  taf: number;
  tariff: string;
  usage_point: string;
  inputs: { meter: string; obis: Obis; sign: 1 | -1 }[];
  registration_period_s: number;
  billing_period?: { months?: number; days?: number; seconds?: number };
  valid_from: Instant;
  valid_until?: Instant;
  /** Of the whole tariff, where it has no stages; ct/kWh, net of nothing: what the consumer pays. */
  price_ct_per_kwh?: Decimal;
  stages: Stage[];
  /** Number of the stage that is active now. */
  stage_now?: number;
  recipients: { id: string; pseudonym: boolean }[];
}
export interface Stage {
  number: number;
  description: string;
  price_ct_per_kwh?: Decimal;
}

/**
 * GET exp/Readings/{contract}: the original value lists of its inputs, oldest first.
 * q.fromtime, q.totime, q.obis, q.count; q.type = `day`, `month` or `year` gives only the entries at the beginning of
 * a day, month or year in legal local time. A gap keeps its entry, without `value`.
 */
export interface Readings {
  contract: string;
  lists: ReadingList[];
  /** Set when there is more: go on with q.fromtime = next. */
  next?: Instant;
}
export interface ReadingList {
  meter: string;
  obis: Obis;
  unit: string;
  period_s: number;
  entries: Entry[];
}
export interface Entry {
  /** The nominal instant. */
  target: Instant;
  /** When it was really measured. */
  captured?: Instant;
  value?: Decimal;
  /** Sixteen hexadecimal digits, the gateway's half first, bit 0 last (detail specification 15). */
  status: string;
  /** The inner signature, r and s in hexadecimal digits, where the profile asks for one. */
  signature?: string;
}

/** GET exp/Registers/{contract}: levels of the derived registers at the end of each billing period, oldest first. */
export interface Registers {
  contract: string;
  periods: RegisterPeriod[];
}
export interface RegisterPeriod {
  from: Instant;
  /** The end of the period; of the one that still runs: the newest value that is in. */
  to: Instant;
  open: boolean;
  registers: { obis: Obis; stage: number; unit: string; level: Decimal; status: string }[];
}
/** `stage` of the register that holds all energy, and of the one for energy whose stage is unknown. */
export const totalStage = 0;
export const errorStage = 63;

/**
 * GET exp/Log/self: the consumer's log, newest first. q.fromtime, q.totime, q.level, q.count; q.type = event id.
 * To go on: q.totime = one millisecond after the oldest one so far; records are told apart by their numbers.
 */
export interface Log {
  records: LogRecord[];
}
export interface LogRecord {
  recordNumber: number;
  timestamp: Instant;
  eventId: number;
  level: string;
  outcome: string;
  subjectIdentity?: string;
  userIdentity?: string;
  destination?: string;
  text?: string;
  /**
   * `name=value` each. Of 6002 (values sent): `contract`, `recipient`, `values` (how many), `from`, `to`, `obis`.
   */
  messageExtensions?: string[];
  repetitionCounter?: number;
  evidence?: string;
}
/** Events that the page tells in its own words (src/domain/ledger/event.hpp has all). */
export const event = {
  selfTest: 1003,
  logStarted: 1007,
  login: 3007,
  meterFault: 4004,
  profileChanged: 5001,
  valuesSent: 6002,
  sendingFailed: 6003,
  dailyValueReleased: 6004,
  tariffEvent: 6005,
} as const;

/**
 * GET exp/Live/self with Accept: text/event-stream. `event: reading` and this for each telegram of the consumer's
 * meters (at most one a second and meter, the newest at once); `event: gateway` with `{}` when rts/Gateway/self has
 * changed. A comment at least every 20 s.
 */
export interface LiveReading {
  meter: string;
  at: Instant;
  /** Power now, in W; negative: fed into the grid. Missing where the meter does not tell. */
  power_w?: Decimal;
  registers: { obis: Obis; unit: string; value: Decimal }[];
}

/** Any refusal: status 4xx or 5xx, for people, in English. */
export interface Refusal {
  error: string;
}
/** POST fas/SelfTest, without a body: 202, and the result stands in rts/Gateway/self; 403: too soon after the last. */
