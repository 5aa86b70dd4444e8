// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/** The gateway's half of the status word (detail specification 15, table 15.1), as far as it concerns the consumer. */

const bits = {
  notForBilling: 1,
  gatewayFault: 8,
  timeDoubtful: 9,
  warning: 12,
  noValue: 13,
  meterTampered: 14,
  meterFault: 15,
} as const;
export type Mark = keyof typeof bits;

/** What the word says beyond "good"; takes what check.statusWord lets through. */
export function marks(word: string): Mark[] {
  const half = Number.parseInt(word.slice(0, 8), 16);
  return (Object.keys(bits) as Mark[]).filter((m) => (half >>> bits[m]) & 1);
}
