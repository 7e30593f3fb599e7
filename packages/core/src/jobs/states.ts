import { and, inArray, type SQL } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import type { Ctx } from "../platform/context.ts";
import { Problem } from "../platform/problems.ts";
import { jobTable as table } from "./job.sql.ts";

export const states = {
  queued: "Waits for a worker.",
  running: "A worker holds the lease and goes on from the checkpoint.",
  paused: "Stands still until it is resumed; its place is kept.",
  completed: "All is done.",
  failed: "Ended with a reason; resuming goes on from where it was.",
  cancelled: "Given up; what was half made is removed.",
} as const;
export type Status = keyof typeof states;
export const statuses = Object.keys(states) as [Status, ...Status[]];

/** Every move a job can make. Whatever is not here does not happen. */
export const transitions = {
  claim: { from: ["queued", "running"], to: "running", when: "a worker takes the lease" },
  yield: { from: ["running"], to: "queued", when: "its worker is told to stop" },
  pause: { from: ["queued", "running"], to: "paused", when: "somebody pauses it" },
  resume: { from: ["paused", "failed"], to: "queued", when: "somebody resumes it" },
  cancel: { from: ["queued", "running", "paused"], to: "cancelled", when: "somebody cancels it" },
  complete: { from: ["running"], to: "completed", when: "its last step is done" },
  fail: { from: ["queued", "running"], to: "failed", when: "it cannot go on" },
} as const satisfies Record<string, { from: readonly Status[]; to: Status; when: string }>;
export type Transition = keyof typeof transitions;

type Row = typeof table.$inferSelect;
type Changes = Partial<Omit<Row, "tenantId" | "id" | "type" | "status" | "updatedAt">>;

/** Makes a move if the job is where the move starts; undefined when it is not. */
export async function move(
  ctx: Ctx,
  where: SQL | undefined,
  transition: Transition,
  changes: { [K in keyof Changes]: Changes[K] | SQL } = {},
): Promise<Row | undefined> {
  const { from, to } = transitions[transition];
  const [row] = await ctx.db
    .update(table)
    .set({ ...changes, status: to, updatedAt: now() })
    .where(and(where, inArray(table.status, [...from])))
    .returning();
  return row;
}

/** The refusal of a move, with the states in which it would be possible. */
export const conflict = (transition: "pause" | "resume" | "cancel", state: string): Problem =>
  new Problem("job-conflict", `A job that is ${state} cannot be ${verbs[transition]}.`, {
    state,
    allowed: transitions[transition].from,
  });
const verbs = { pause: "paused", resume: "resumed", cancel: "cancelled" } as const;
