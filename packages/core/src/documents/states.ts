import { and, inArray, type SQL, sql } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import type { Ctx } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { documentTable as table } from "./document.sql.ts";
import { owned, ownedVersionOf } from "./owned.ts";

/** States of a document. It speaks of the newest version; an older one may still be served. */
export const states = {
  awaiting_upload: "The bytes are still to come.",
  queued: "The bytes are stored; a worker takes them in turn.",
  processing: "A worker holds the lease.",
  ready: "Search serves the newest version.",
  failed: "The newest version ended with a reason.",
  deleting: "Out of lists and search; gone for good at `purgeAt`.",
} as const;
export type Status = keyof typeof states;
export const statuses = Object.keys(states) as [Status, ...Status[]];

/** Stages of `processing`, in order. */
export const stages = ["extracting", "chunking", "embedding", "indexing"] as const;
export type Stage = (typeof stages)[number];

const unsettled = ["awaiting_upload", "queued", "processing"] as const;
const present = [...unsettled, "ready", "failed"] as const;

/** Every move a document can make. Whatever is not here does not happen. */
export const transitions = {
  store: { from: ["awaiting_upload"], to: ["queued"], when: "the bytes arrive" },
  claim: { from: ["queued", "processing"], to: ["processing"], when: "a worker takes the lease" },
  index: { from: ["processing"], to: ["ready"], when: "its chunks are written" },
  fail: { from: unsettled, to: ["failed"], when: "something permanent is wrong" },
  cancel: { from: unsettled, to: ["failed"], when: "the tenant cancels" },
  retry: { from: ["failed"], to: ["queued", "awaiting_upload"], when: "the tenant retries" },
  replace: { from: present, to: ["queued", "awaiting_upload"], when: "a new version comes" },
  delete: { from: present, to: ["deleting"], when: "the tenant deletes" },
  restore: {
    from: ["deleting"],
    to: ["awaiting_upload", "queued", "ready", "failed"],
    when: "the tenant restores it in time",
  },
} as const satisfies Record<string, { from: readonly Status[]; to: readonly Status[]; when: string }>;
export type Transition = keyof typeof transitions;

type Row = typeof table.$inferSelect;
type Changes = Partial<Omit<Row, "tenantId" | "id" | "status" | "rowVersion" | "updatedAt">>;

/**
 * Makes a move if the document is where the move starts, and (`version`) still at this version; undefined when it is
 * not. One statement, so that of many who try one succeeds.
 */
export async function move<T extends Transition>(
  ctx: Ctx,
  id: Id<"document">,
  transition: T,
  to: (typeof transitions)[T]["to"][number],
  changes: Changes & { version?: number; expected?: { version: number } } = {},
  guard?: SQL,
): Promise<Row | undefined> {
  const { expected, ...columns } = changes;
  const [row] = await ctx.db
    .update(table)
    .set({ ...columns, status: to, rowVersion: sql`${table.rowVersion} + 1`, updatedAt: now() })
    .where(
      and(
        expected ? ownedVersionOf(ctx, id, expected.version) : owned(ctx, id),
        inArray(table.status, [...transitions[transition].from]),
        guard,
      ),
    )
    .returning();
  return row;
}

/** The refusal of a move, with the states in which it would be possible. */
export const conflict = (transition: Transition, state: string): Problem =>
  new Problem("document-conflict", `A document that is ${state} cannot ${verbs[transition]}.`, {
    state,
    allowed: transitions[transition].from,
  });

const verbs: Record<Transition, string> = {
  store: "be stored",
  claim: "be claimed",
  index: "be indexed",
  fail: "fail",
  cancel: "be cancelled",
  retry: "be retried",
  replace: "get a new version",
  delete: "be deleted",
  restore: "be restored",
};
