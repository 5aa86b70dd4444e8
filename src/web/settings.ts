// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Language and colours: as the browser says, unless chosen here. They stay in this browser. */

import type { Language } from './format.ts';
import type { Store } from './store.ts';

export type Theme = 'auto' | 'light' | 'dark';
const themes: readonly string[] = ['auto', 'light', 'dark'];

export function language(store: Store, preferred: readonly string[]): Language {
  const chosen = store.getItem('language');
  if (chosen === 'de' || chosen === 'en') return chosen;
  for (const p of preferred) {
    if (p.startsWith('de')) return 'de';
    if (p.startsWith('en')) return 'en';
  }
  return 'de';
}

export function theme(store: Store): Theme {
  const chosen = store.getItem('theme') ?? '';
  return themes.includes(chosen) ? (chosen as Theme) : 'auto';
}
