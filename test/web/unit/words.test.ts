// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
import type { LogRecord } from '../../../src/web/api.ts';
import { cell, logCsv, readingsCsv } from '../../../src/web/csv.ts';
import { Format } from '../../../src/web/format.ts';
import { language, theme } from '../../../src/web/settings.ts';
import { choose } from '../../../src/web/store.ts';
import { extensions, host, tell } from '../../../src/web/tell.ts';
import { de } from '../../../src/web/words/de.ts';
import { en } from '../../../src/web/words/en.ts';

const record = (more: Partial<LogRecord>): LogRecord => ({
  recordNumber: 1, timestamp: '2026-11-25T00:41:07Z', eventId: 6002, level: 'INFO', outcome: 'SUCCESS', ...more,
});
const inGerman = (more: Partial<LogRecord>) => tell(record(more), de, new Format('de'));
const inEnglish = (more: Partial<LogRecord>) => tell(record(more), en, new Format('en'));

describe('what was sent, in plain words', () => {
  const day = ['recipient=stadtwerk', 'values=96', 'from=2026-11-23T23:00:00Z', 'to=2026-11-24T23:00:00Z', 'obis=1-0:1.8.0*255'];
  it('names the day, the direction and the recipient', () => {
    expect(inGerman({ messageExtensions: day })).toBe('96 Werte (Bezug aus dem Netz) vom 24. November 2026 an stadtwerk gesendet.');
    expect(inEnglish({ messageExtensions: day })).toBe('96 values (From the grid) of 24 November 2026 sent to stadtwerk.');
  });
  it('names both ends where it is no whole day', () => {
    expect(inGerman({ messageExtensions: ['values=1', 'from=2026-10-31T23:00:00Z', 'to=2026-11-30T23:00:00Z'], destination: 'https://a.example:8443/x' }))
      .toBe('Ein Wert für die Zeit von 01.11.2026, 00:00 bis 01.12.2026, 00:00 an a.example gesendet.');
  });
  it('falls back on the record, and on nothing, without guessing', () => {
    expect(inGerman({ text: 'series of taf7' })).toBe('series of taf7');
    expect(inGerman({})).toBe('Werte an einen Marktteilnehmer gesendet.');
    expect(inGerman({ messageExtensions: ['values=many', 'from=yesterday', 'to=2026-11-24T23:00:00Z'] })).toBe('Werte an einen Marktteilnehmer gesendet.');
  });
  it('reads pairs, the first of a name', () => {
    expect([...extensions(record({ messageExtensions: ['a=1', 'a=2', 'b=x=y', '=z', 'c'] }))]).toEqual([['a', '1'], ['b', 'x=y']]);
  });
  it('finds the host of any destination', () => {
    expect(['https://a.example:8443/x', 'a.example:8443', '[::1]:8443', 'tls://[2001:db8::1]:443', 'a'].map(host)).toEqual(['a.example', 'a.example', '[::1]', '[2001:db8::1]', 'a']);
  });
});

describe('other events', () => {
  it('are told apart by their outcome', () => {
    expect(inGerman({ eventId: 1003 })).toBe(de.log.events.selfTestGood);
    expect(inGerman({ eventId: 1003, outcome: 'FAILURE' })).toBe(de.log.events.selfTestBad);
    expect(inGerman({ eventId: 3007, outcome: 'FAILURE' })).toBe(de.log.events.loginFailed);
  });
  it('that the page does not know are told as they are recorded', () => {
    expect(inEnglish({ eventId: 9999, text: 'something new' })).toBe('something new');
    expect(inEnglish({ eventId: 9999 })).toBe('9999');
  });
});

describe('the two languages', () => {
  const leaves = (x: unknown, at = ''): string[] =>
    typeof x === 'object' && x !== null ? Object.entries(x).flatMap(([k, v]) => leaves(v, `${at}/${k}`)) : [`${at} ${typeof x}`];
  it('have the same words', () => {
    expect(leaves(en)).toEqual(leaves(de));
  });
  it('leave nothing empty but the word after a clock', () => {
    const empty = (x: unknown, at = ''): string[] =>
      typeof x === 'object' && x !== null ? Object.entries(x).flatMap(([k, v]) => empty(v, `${at}/${k}`)) : x === '' ? [at] : [];
    expect([...empty(de), ...empty(en)]).toEqual(['/clock']);
  });
  it('are chosen by the browser unless by the reader', () => {
    const store = (x: Record<string, string>) => ({ getItem: (k: string) => x[k] ?? null }) as Storage;
    expect(language(store({}), ['fr', 'en-US', 'de'])).toBe('en');
    expect(language(store({}), ['fr'])).toBe('de');
    expect(language(store({ language: 'de' }), ['en'])).toBe('de');
    expect(language(store({ language: 'xx' }), ['en'])).toBe('en');
    expect([theme(store({ theme: 'dark' })), theme(store({ theme: 'pink' })), theme(store({}))]).toEqual(['dark', 'auto', 'auto']);
  });
});

describe('choices', () => {
  it('last until the page is closed where the browser keeps nothing', () => {
    const memory = choose(() => {
      throw new Error('not allowed');
    });
    memory.setItem('a', '1');
    expect([memory.getItem('a'), memory.getItem('b')]).toEqual(['1', null]);
    memory.removeItem('a');
    expect(memory.getItem('a')).toBeNull();
  });
});

describe('tables for spreadsheets', () => {
  it('never run as formulas', () => {
    for (const text of ['=1+1', '+1', '@SUM(A1)', '-cmd', '\t=1']) expect(cell(text).replace(/^"/, '')).toMatch(/^'/);
    for (const text of ['-12,5', '-3', '1-0:1.8.0', 'a']) expect(cell(text)).toBe(text);
  });
  it('quote what needs it', () => {
    expect(cell('a;b')).toBe('"a;b"');
    expect(cell('say "x"')).toBe('"say ""x"""');
    expect(logCsv([record({ text: 'two\nlines' })]).split('\r\n')[1]).toContain('"two\nlines"');
  });
  it('write decimals as the language does, and gaps as nothing', () => {
    const lists = [{ meter: 'm', obis: 'o', unit: 'Wh', period_s: 900, entries: [
      { target: 't1', captured: 'c1', value: '1.5', status: 's' }, { target: 't2', status: 's' }] }];
    expect(readingsCsv(lists, 'de')).toBe('\uFEFFmeter;obis;target;captured;value;unit;status;signature\r\nm;o;t1;c1;1,5;Wh;s;\r\nm;o;t2;;;Wh;s;\r\n');
    expect(readingsCsv(lists, 'en')).toContain(';1.5;');
  });
});
