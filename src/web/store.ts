// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Where choices and prices are kept: in this browser, or where it forbids that, until the page is closed. */
export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

class Memory implements Store {
  readonly #all = new Map<string, string>();
  getItem(key: string): string | null {
    return this.#all.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#all.set(key, value);
  }
  removeItem(key: string): void {
    this.#all.delete(key);
  }
}

export function choose(local: () => Store): Store {
  try {
    const store = local();
    store.setItem('probe', '1');
    store.removeItem('probe');
    return store;
  } catch {
    return new Memory();
  }
}
export const store = choose(() => localStorage);
