import type { Fence, Maker } from "../documents/index.ts";
import type { Ctx } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";

/** The result of one step, committed together with the step's writes. */
export type Step = {
  /** The position where the next step starts. */
  checkpoint: Record<string, unknown>;
  /** Units done by this step. */
  done?: number;
  total?: number;
  result?: Record<string, unknown>;
  isLast?: boolean;
  /** The next step waits: the job returns to its queue, so that no worker waits with it. At most 240. */
  pauseSeconds?: number;
  successor?: Successor;
};

/** A job that is started when this one ends. */
export type Successor = { type: "prune" | "index"; delaySeconds: number };

/** A kind of long-running work. Its steps are small, so that losing one costs little. */
export type JobKind = {
  /** The unit of its progress. */
  unit: string;
  /**
   * Prepares the next step outside any transaction, since it may take long. The returned function writes the step, in the
   * transaction that checks the lease and saves the checkpoint. What takes more than one short transaction is written here, each
   * transaction with the `fence`, and may be repeated.
   */
  prepare(
    ctx: Ctx,
    job: { id: Id<"job">; params: unknown; checkpoint: unknown },
    maker: Maker,
    fence: Fence,
  ): Promise<(ctx: Ctx) => Promise<Step>>;
  /** Reverts the unfinished work of a cancelled job. Joins the caller's transaction. */
  abandon?(ctx: Ctx): Promise<Successor>;
};
