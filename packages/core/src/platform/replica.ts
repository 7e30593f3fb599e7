import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from "cockatiel";
import { type Ctx, onReplica, withTx } from "./context.ts";
import { Abandoned, abandon } from "./database/connections.ts";
import { pgError } from "./database/pg-error.ts";
import { Problem } from "./problems.ts";
import { optionalResource } from "./resources.ts";
import { describeError, logger } from "./telemetry.ts";
import { unchanged, versionOf } from "./versions.ts";
import { wideEvent } from "./wide-event.ts";
import { within } from "./within.ts";

/** After this many failures in a row the replica is left alone for `breakerSeconds`, and then tried with one read. */
const breakerFailures = 5;
const breakerSeconds = 10;
/** For each of two steps, so that a request of 8 s has time enough for the primary. */
const stepMs = 1_500;

/**
 * Runs `work`, which only reads, in one transaction as the tenant: on the stage's read replica when that one has all that the tenant's
 * committed writes have changed, otherwise on the primary, as `withTx`. So it does when the replica fails meanwhile: `work` may then run
 * twice. The versions of `namespace` must cover everything that `work` reads (docs/database.md).
 */
export async function withReadTx<T>(ctx: Ctx, namespace: string, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  const isServed = !ctx.isInTransaction && ctx.login === "AppDatabase" && optionalResource("ReplicaDatabase");
  if (!isServed) return withTx(ctx, work);
  const outcome = await attempt(ctx, namespace, work);
  const event = wideEvent();
  if (event) event.replica = typeof outcome === "string" ? outcome : "read";
  return typeof outcome === "string" ? withTx(ctx, work) : outcome.result;
}

type Outcome<T> = { result: T } | "behind" | "failed";

const attempt = async <T>(ctx: Ctx, namespace: string, work: (ctx: Ctx) => Promise<T>): Promise<Outcome<T>> => {
  try {
    return await breaker.execute(() => read(ctx, namespace, work));
  } catch (error) {
    if (isOfCaller(error)) throw error;
    if (!(error instanceof BrokenCircuitError)) logger.warn("a read failed on the replica", describeError(error));
    return "failed";
  }
};

/** Equal versions mean that the replica has replayed exactly the tenant's writes that the primary has committed; it never goes back. */
const read = async <T>(ctx: Ctx, namespace: string, work: (ctx: Ctx) => Promise<T>): Promise<Outcome<T>> => {
  const replica = onReplica(ctx);
  // A primary that fails is no fault of the replica; the request then finds out itself.
  const committed = versionOf(ctx, namespace).catch(() => undefined);
  const replayed = await inTime(versionOf(replica, namespace));
  // Without a version the replica may not even have the tenant.
  if (replayed === unchanged || replayed !== (await committed)) return "behind";
  return { result: await inTime(withTx(replica, work)) };
};

const inTime = <T>(step: Promise<T>): Promise<T> =>
  within(stepMs, step, () => {
    abandon("ReplicaDatabase");
    return new Error("the replica does not respond");
  });

/** The primary would refuse the same, or nobody waits any more. SQLSTATE class 22: the data, such as a character that PostgreSQL does not know. */
const isOfCaller = (error: unknown): boolean =>
  error instanceof Problem || error instanceof Abandoned || (pgError(error).code?.startsWith("22") ?? false);

const breaker = circuitBreaker(
  handleWhen((error) => !isOfCaller(error)),
  { breaker: new ConsecutiveBreaker(breakerFailures), halfOpenAfter: breakerSeconds * 1000 },
);
breaker.onBreak(() => logger.warn("the replica fails and is not asked for a while", { seconds: breakerSeconds }));
