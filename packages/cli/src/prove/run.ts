import type { Check, Result } from "./check.ts";
import { type Cleanup, cleanUp } from "./cleanup.ts";
import { type Local, startLocal } from "./local.ts";
import { clientOf, createTenant, type Tenant } from "./tenant.ts";

export type Target = { apiUrl: string; operatorKey: string } | "local";

export type Report = {
  apiUrl: string;
  isLocal: boolean;
  startedAt: string;
  seconds: number;
  results: Result[];
  /** Set when the proof ended before its last check. */
  interrupted: string | undefined;
  tenantIds: string[];
  cleanup: Cleanup;
};

/**
 * Runs the checks one after the other in two temporary tenants, and removes the created objects, also after a failure or
 * when `signal` ends the run. `finish` gets the report while the system still runs, so that the API can sign it.
 *
 * @throws Error when the system cannot be started or reached at all.
 */
export async function prove<T>(
  target: Target,
  checks: readonly Check[],
  options: {
    signal: AbortSignal;
    progress: (line: string) => void;
    finish: (report: Report, operatorKey: string) => Promise<T>;
  },
): Promise<T> {
  const { signal, progress } = options;
  const startedAt = new Date();
  let local: Local | undefined;
  if (target === "local") {
    progress("starting the local runtime …");
    local = await startLocal();
  }
  // Without a local runtime the target has the address.
  const { apiUrl, operatorKey } = local ?? (target as Exclude<Target, "local">);
  const tenants: Tenant[] = [];
  const results: Result[] = [];
  let interrupted: string | undefined;
  try {
    try {
      // Without the signal: a tenant whose creation was interrupted could not be removed.
      const operator = clientOf(apiUrl, operatorKey, new AbortController().signal);
      progress("creating two temporary tenants …");
      // A is created last, because the onboarding check measures the time since its creation.
      for (const letter of ["B", "A"] as const) {
        signal.throwIfAborted();
        tenants.unshift(await createTenant(operator, letter, { apiUrl, signal }));
      }
      // The loop has added two tenants.
      const [a, b] = tenants as [Tenant, Tenant];
      for (const check of checks) {
        progress(`${results.length + 1} of ${checks.length}: ${check.name} …`);
        const began = performance.now();
        const outcome = await unlessAborted(signal, check.run({ apiUrl, a, b, operator, local })).catch(
          (error: Error) => {
            if (signal.aborted) throw error;
            return { measured: "could not be measured", passed: false, detail: [`wrong: ${error.message}`] };
          },
        );
        const { name, promise, limit } = check;
        const repeat = repeatOf(name, target);
        const seconds = Math.round((performance.now() - began) / 100) / 10;
        results.push({ name, promise, limit, ...outcome, repeat, seconds });
      }
    } catch (error) {
      interrupted = signal.aborted ? "it was interrupted" : String(error);
    }
    progress("removing the created objects …");
    const cleanup = await cleanUp(apiUrl, operatorKey, tenants);
    const report = {
      apiUrl,
      isLocal: local !== undefined,
      startedAt: startedAt.toISOString(),
      seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
      results,
      interrupted,
      tenantIds: tenants.map(({ id }) => id),
      cleanup,
    };
    progress("");
    return await options.finish(report, operatorKey);
  } finally {
    await local?.close();
  }
}

const repeatOf = (name: string, target: Target): string =>
  target === "local"
    ? `npm run prove -- --only ${name}`
    : `npm run -s resolve -- prove --api ${target.apiUrl} --key $OPERATOR_KEY --only ${name}`;

/** Rejects when the signal is aborted, so that checks need not handle it. */
const unlessAborted = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  return Promise.race([work, aborted]);
};
