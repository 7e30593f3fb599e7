import type { Local } from "./local.ts";
import type { Tenant } from "./tenant.ts";

/** What a check works with: a system, and two temporary tenants of it. */
export type Context = {
  apiUrl: string;
  /** The checks make and find everything here. */
  a: Tenant;
  /** What this tenant has, tenant A must never see. */
  b: Tenant;
  /** The runtime that `--local` started; undefined against any other system. */
  local: Local | undefined;
};

export type Outcome = {
  /** The figures with their units, in the order of the limit. */
  measured: string;
  passed: boolean;
  /** What was done, and each thing that was wrong. */
  detail?: string[];
};

/** One promise of the product, with the way to measure it from outside. */
export type Check = {
  /** For `--only`. */
  name: string;
  /** A sentence that a buyer understands. */
  promise: string;
  limit: string;
  /** Needs a runtime of its own, which it may kill. */
  isLocalOnly?: true;
  run(context: Context): Promise<Outcome>;
};

/** A check as it ended, with the command that repeats it. */
export type Result = Pick<Check, "name" | "promise" | "limit"> & Outcome & { repeat: string; seconds: number };

const faultsShownMax = 8;

/** Details: what was done, then the first of what was wrong. */
export const details = (done: string[], faults: string[]): string[] => [
  ...done,
  ...faults.slice(0, faultsShownMax).map((fault) => `wrong: ${fault}`),
  ...(faults.length > faultsShownMax ? [`wrong: ${faults.length - faultsShownMax} more`] : []),
];

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
