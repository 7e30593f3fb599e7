import type { Resolve } from "@resolve/sdk";
import type { Local } from "./local.ts";
import type { Tenant } from "./tenant.ts";

/** The context of a check: a system and two temporary tenants. */
export type Context = {
  apiUrl: string;
  /** The tenant in which checks create and find objects. */
  a: Tenant;
  /** Tenant A must never see this tenant's data. */
  b: Tenant;
  operator: Resolve;
  /** The runtime that `--local` started; undefined for other systems. */
  local: Local | undefined;
};

export type Outcome = {
  /** The figures with their units, in the order of the limit. */
  measured: string;
  passed: boolean;
  /** The actions of the check, and each fault. */
  detail?: string[];
};

/** A promise of the product, and its measurement through the public API. */
export type Check = {
  /** The name for `--only`. */
  name: string;
  /** A sentence for a buyer. */
  promise: string;
  limit: string;
  /** It kills the system, so it needs a local runtime of its own. */
  isLocalOnly?: true;
  run(context: Context): Promise<Outcome>;
};

/** The result of a check, with the command that repeats it. */
export type Result = Pick<Check, "name" | "promise" | "limit"> & Outcome & { repeat: string; seconds: number };

const faultsShownMax = 8;

/** Details: the actions, then the first faults. */
export const details = (done: string[], faults: string[]): string[] => [
  ...done,
  ...faults.slice(0, faultsShownMax).map((fault) => `wrong: ${fault}`),
  ...(faults.length > faultsShownMax ? [`wrong: ${faults.length - faultsShownMax} more`] : []),
];

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
