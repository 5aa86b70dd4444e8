// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Tables for spreadsheets. Semicolons, because a German spreadsheet takes the comma for its decimals. */

import type { LogRecord, ReadingList, Registers } from './api.ts';
import type { Language } from './format.ts';

/** A byte order mark tells spreadsheets that this is UTF-8. */
const mark = '\uFEFF';
/** Spreadsheets run cells that begin so as formulas; a quote mark before them keeps them text. */
const formula = /^[=+@\t\r]|^-(?![\d.,]+$)/;

export function cell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
const rows = (all: string[][]): string => mark + all.map((r) => r.map(cell).join(';')).join('\r\n') + '\r\n';
const decimals = (text: string | undefined, language: Language): string =>
  (text ?? '').replace('.', language === 'de' ? ',' : '.');

export function readingsCsv(lists: readonly ReadingList[], language: Language): string {
  const head = ['meter', 'obis', 'target', 'captured', 'value', 'unit', 'status', 'signature'];
  return rows([
    head,
    ...lists.flatMap((l) =>
      l.entries.map((e) => [
        l.meter,
        l.obis,
        e.target,
        e.captured ?? '',
        decimals(e.value, language),
        l.unit,
        e.status,
        e.signature ?? '',
      ]),
    ),
  ]);
}

export function registersCsv(r: Registers, language: Language): string {
  const head = ['from', 'to', 'open', 'obis', 'stage', 'level', 'unit', 'status'];
  return rows([
    head,
    ...r.periods.flatMap((p) =>
      p.registers.map((x) => [
        p.from,
        p.to,
        String(p.open),
        x.obis,
        String(x.stage),
        decimals(x.level, language),
        x.unit,
        x.status,
      ]),
    ),
  ]);
}

export function logCsv(records: readonly LogRecord[]): string {
  const head = ['number', 'timestamp', 'event', 'level', 'outcome', 'destination', 'text', 'extensions'];
  return rows([
    head,
    ...records.map((r) => [
      String(r.recordNumber),
      r.timestamp,
      String(r.eventId),
      r.level,
      r.outcome,
      r.destination ?? '',
      r.text ?? '',
      (r.messageExtensions ?? []).join(' '),
    ]),
  ]);
}
