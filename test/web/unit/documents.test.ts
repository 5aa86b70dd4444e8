// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
// The examples of docs/han-api.md are what the page takes: the document cannot drift from the code.
import document from '../../../docs/han-api.md?raw';
import type { Check } from '../../../src/web/check.ts';
import * as forms from '../../../src/web/forms.ts';

const blocks = [...document.matchAll(/^## `([^`]+)`[^#]*?```(?:json)?\n([^`]+)```/gm)].map(([, name, code]) => ({ name: name!, code: code! }));
const example = (name: string): string => blocks.find((b) => b.name === name)!.code;

describe('docs/han-api.md', () => {
  it.each<[string, Check<unknown>]>([
    ['rts/Gateway/self', forms.gateway],
    ['rts/Contract/{id}', forms.contract],
    ['exp/Readings/{contract}', forms.readings],
    ['exp/Registers/{contract}', forms.registers],
    ['exp/Log/self', forms.log],
  ])('shows %s as the page takes it, and nothing the page does not know', (name, form) => {
    const shown: unknown = JSON.parse(example(name));
    const taken = form(shown, '');
    const unknown = /"(parentRecordNumber|secondsIndex|vendorId|eventSubId)":("[^"]*"|\d+),?/g; // of the ledger; the page needs none of them
    expect(JSON.parse(JSON.stringify(taken))).toEqual(JSON.parse(JSON.stringify(shown).replace(unknown, '')));
  });
  it('shows events of the stream as the page takes them', () => {
    const data = /^data: (\{"meter.*)$/m.exec(example('exp/Live/self'))![1]!;
    expect(forms.live(JSON.parse(data), '').power_w).toBe('431.2');
  });
  it('names every path that the page asks for', () => {
    for (const path of ['rts/Gateway/self', 'rts/Contract/', 'exp/Readings/{contract}', 'exp/Registers/{contract}', 'exp/Log/self', 'exp/Live/self', 'fas/SelfTest'])
      expect(document).toContain(`/smgw/con/v1/${path}\``);
  });
});
