// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** Asking the gateway. Answers are checked before anyone sees them; lists are read page by page. */

import { type Contract, type Gateway, type Log, type ReadingList, type Registers, paths } from './api.ts';
import { type Check, Malformed } from './check.ts';
import * as forms from './forms.ts';
import { toInstant } from './legal_time.ts';

export type Trouble = 'unreachable' | 'login' | 'denied' | 'missing' | 'busy' | 'malformed';
export class Failed extends Error {
  readonly kind: Trouble;
  constructor(kind: Trouble, detail: string) {
    super(detail);
    this.kind = kind;
  }
}

const most_pages = 64; // 262,144 entries: two years of quarter hours of three registers
const keep_ms = 10_000;
const budget_ms = 30_000; // the gateway answers within 20 s (REQ.Webservice.HttpServer.190)

function kindOf(status: number): Trouble {
  if (status === 401) return 'login';
  if (status === 403) return 'denied';
  if (status === 404 || status === 406) return 'missing';
  return 'busy';
}

async function told(answer: Response): Promise<string> {
  try {
    return forms.refusal(await answer.json(), '').error;
  } catch {
    return `HTTP ${answer.status}`;
  }
}

/** The answer, if it is a good one. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { signal: AbortSignal.timeout(budget_ms), ...init });
  } catch (e) {
    throw new Failed('unreachable', String(e));
  }
  if (!answer.ok) throw new Failed(kindOf(answer.status), await told(answer));
  return answer;
}

async function get<T>(path: string, form: Check<T>): Promise<T> {
  const answer = await ask(path, { headers: { Accept: 'application/json' } });
  try {
    return form(await answer.json(), '');
  } catch (e) {
    throw new Failed('malformed', e instanceof Malformed ? `${path} ${e.message}` : String(e));
  }
}

/** The query of lists (detail specification 6.8); what is missing is left out. */
export function query(q: { from?: number; to?: number; type?: string; level?: string; count?: number }): string {
  const parts = [
    q.from !== undefined && `q.fromtime=${toInstant(q.from)}`,
    q.to !== undefined && `q.totime=${toInstant(q.to)}`,
    q.type && `q.type=${encodeURIComponent(q.type)}`,
    q.level && `q.level=${q.level}`,
    q.count !== undefined && `q.count=${q.count}`,
  ].filter((p) => p !== false && p !== '' && p !== undefined);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

export type Grain = 'day' | 'month' | 'year';

export class Source {
  #contracts: Promise<Contract[]> | undefined;
  readonly #recent = new Map<string, Promise<readonly ReadingList[]>>();

  gateway(): Promise<Gateway> {
    return get(paths.gateway, forms.gateway);
  }

  /** Asked for once: contracts change rarely, and a change is a new login's business. */
  contracts(): Promise<Contract[]> {
    this.#contracts ??= get(paths.contracts, forms.uris)
      .then((uris) => Promise.all(uris.filter((u) => u.startsWith(paths.contracts)).map((u) => get(u, forms.contract))))
      .catch((e: unknown) => {
        this.#contracts = undefined;
        throw e;
      });
    return this.#contracts;
  }

  /**
   * All entries with from <= target <= to, or of them those at the beginning of days, months or years. The same
   * question within seconds is asked once: the registers of a contract come together.
   */
  readings(contract: string, from: number, to: number, grain?: Grain): Promise<readonly ReadingList[]> {
    const key = `${contract} ${from} ${to} ${grain ?? ''}`;
    const known = this.#recent.get(key);
    if (known) return known;
    const asked = this.#read(contract, from, to, grain);
    this.#recent.set(key, asked);
    const forget = (): void => void this.#recent.delete(key);
    asked.then(() => setTimeout(forget, keep_ms), forget);
    return asked;
  }

  /** What was just asked for may have changed: the next question goes to the gateway. */
  forget(): void {
    this.#recent.clear();
  }

  async #read(contract: string, from: number, to: number, grain?: Grain): Promise<ReadingList[]> {
    const lists: ReadingList[] = [];
    let begin = from;
    for (let page = 0; page < most_pages; page++) {
      const q = query({ from: begin, to: to + 1, ...(grain ? { type: grain } : {}) });
      const part = await get(paths.readings(contract) + q, forms.readings);
      for (const list of part.lists) {
        const known = lists.find((l) => l.meter === list.meter && l.obis === list.obis);
        if (known) known.entries.push(...list.entries);
        else lists.push(list);
      }
      if (part.next === undefined || Date.parse(part.next) <= begin) break;
      begin = Date.parse(part.next);
    }
    return lists;
  }

  registers(contract: string): Promise<Registers> {
    return get(paths.registers(contract), forms.registers);
  }

  /** Newest first; `before` is exclusive. */
  log(q: { before?: number; from?: number; level?: string; type?: number; count?: number }): Promise<Log> {
    return get(
      paths.log +
        query({
          count: q.count ?? 100,
          ...(q.from === undefined ? {} : { from: q.from }),
          ...(q.before === undefined ? {} : { to: q.before }),
          ...(q.level ? { level: q.level } : {}),
          ...(q.type === undefined ? {} : { type: String(q.type) }),
        }),
      forms.log,
    );
  }

  async selfTest(): Promise<void> {
    await ask(paths.selfTest, { method: 'POST' });
  }
}
