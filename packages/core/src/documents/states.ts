import { and, type SQL } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { ownedBy } from "../platform/database/rows.ts";
import { stateMachine, type Transitions } from "../platform/database/state-machine.ts";
import type { Id } from "../platform/id.ts";
import { keysOf } from "../platform/keys.ts";
import { documentTable as table } from "./document.sql.ts";
import { ownedVersionOf } from "./owned.ts";

/** States of a document. They describe the newest version; an older version may still be live. */
export const states = {
  awaiting_upload: "The bytes have not arrived yet.",
  queued: "The bytes are stored and wait for a worker.",
  processing: "A worker has the lease.",
  ready: "The newest version is live.",
  failed: "Processing of the newest version has failed; `failure` is the reason.",
  deleting: "The document is in no list and no search result. At `purgeAt` its rows and originals are deleted.",
} as const;
export type Status = keyof typeof states;
export const statuses = keysOf(states);

/** Stages of `processing`, in order. */
export const stages = ["extracting", "chunking", "embedding", "indexing"] as const;
export type Stage = (typeof stages)[number];

const unsettled = ["awaiting_upload", "queued", "processing"] as const;
const present = [...unsettled, "ready", "failed"] as const;

/** All transitions of a document. */
export const transitions = {
  store: { from: ["awaiting_upload"], to: ["queued"], when: "the bytes arrive", verb: "be stored" },
  claim: { from: ["queued", "processing"], to: ["processing"], when: "a worker takes the lease", verb: "be claimed" },
  index: { from: ["processing"], to: ["ready"], when: "its chunks are written", verb: "be indexed" },
  fail: { from: unsettled, to: ["failed"], when: "a permanent failure occurs", verb: "fail" },
  cancel: { from: unsettled, to: ["failed"], when: "the tenant cancels", verb: "be cancelled" },
  retry: { from: ["failed"], to: ["queued", "awaiting_upload"], when: "the tenant retries", verb: "be retried" },
  replace: {
    from: present,
    to: ["queued", "awaiting_upload"],
    when: "a new version is created",
    verb: "get a new version",
  },
  delete: { from: present, to: ["deleting"], when: "the tenant deletes", verb: "be deleted" },
  restore: {
    from: ["deleting"],
    to: ["awaiting_upload", "queued", "ready", "failed"],
    when: "the tenant restores it in time",
    verb: "be restored",
  },
} as const satisfies Transitions<Status>;
export type Transition = keyof typeof transitions;

const machine = stateMachine(table, transitions, { noun: "document", problem: "document-conflict" });
export const { allows, conflict } = machine;

type Row = typeof table.$inferSelect;
type Columns = Partial<Omit<Row, "tenantId" | "id" | "status" | "updatedAt">>;

/**
 * Changes the state when the document is in a state where the transition starts, and its newest version is `expected`;
 * undefined otherwise.
 */
export const move = <T extends Transition>(
  ctx: Ctx,
  id: Id<"document">,
  transition: T,
  to: (typeof transitions)[T]["to"][number],
  { expected, ...columns }: Columns & { expected?: { version: number } } = {},
  guard?: SQL,
): Promise<Row | undefined> => {
  const where = expected ? ownedVersionOf(ctx, id, expected.version) : ownedBy(ctx, table, id);
  return machine.move(ctx, and(where, guard), transition, to, columns);
};
