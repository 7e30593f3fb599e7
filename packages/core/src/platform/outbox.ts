import { sql } from "drizzle-orm";
import { type Db, withSystemTx } from "./context.ts";
import { inEventOrder } from "./envelope.ts";
import { toId } from "./id.ts";
import type { SendFailure } from "./services/batches.ts";
import { putEvents } from "./services/bus.ts";
import { send } from "./services/queue.ts";
import { describeError, logger } from "./telemetry.ts";

type Row = {
  id: string;
  topic: string;
  group_key: string | null;
  delay_seconds: number;
  body: Record<string, unknown>;
  attempts: number;
};

/** A claimed row comes back after this long when its sender died. */
const claimSeconds = 30;
/** Refusals of the row itself after which it is parked. Failures of the whole service never park a row. */
const refusalsMax = 5;

/**
 * Sends what is due: claim with SKIP LOCKED, commit, send, delete what was taken. A process that dies between sending and
 * deleting sends twice; consumers expect that. `signal` ends the sending: the rows that are not sent are due again after their
 * retry time. Returns how many rows were claimed.
 */
export async function relay(options: { limit: number; signal?: AbortSignal }): Promise<number> {
  const { limit, signal } = options;
  // Nothing is claimed for a caller who stopped waiting while it waited for a connection.
  const rows = await withSystemTx("relay", async (db) => (signal?.aborted ? [] : claim(db, limit)));
  if (rows.length === 0) return 0;
  const failures = new Map<string, SendFailure>();
  for (const [topic, group] of Map.groupBy(inOrder(rows), (row) => row.topic)) {
    for (const [id, failure] of await deliver(topic, group, signal)) failures.set(id, failure);
  }
  const sent = rows.filter((row) => !failures.has(row.id)).map((row) => row.id);
  await withSystemTx("relay", async (db) => {
    if (sent.length > 0) await db.execute(sql`delete from app.outbox where id = any(${sql.param(sent)}::uuid[])`);
    for (const row of rows) {
      const failure = failures.get(row.id);
      if (failure) await storeFailure(db, row, failure);
    }
  });
  return rows.length;
}

const claim = (db: Db, limit: number) =>
  db.execute<Row>(sql`select * from app.claim_outbox(${limit}, ${claimSeconds})`);

const storeFailure = async (db: Db, row: Row, { isRefused, error }: SendFailure): Promise<void> => {
  const [stored] = await db.execute<{ tenant_id: string; parked: boolean }>(sql`
    update app.outbox set due_at = app.now() + make_interval(secs => ${retrySeconds(row.attempts)}), error = ${error},
      refusals = refusals + ${isRefused ? 1 : 0},
      parked_at = case when refusals + ${isRefused ? 1 : 0} >= ${refusalsMax} then app.now() end
    where id = ${row.id} returning tenant_id, parked_at is not null as parked`);
  logger.warn("outbox row not sent", {
    topic: row.topic,
    rowId: row.id,
    attempts: row.attempts,
    isRefused,
    reason: error,
  });
  if (stored?.parked)
    logger.error("work parked", {
      stage: "outbox",
      topic: row.topic,
      tenantId: toId("tenant", stored.tenant_id),
      rowId: row.id,
      reason: error,
    });
};

/** 2 s, doubled per attempt, at most 5 min. */
export const retrySeconds = (attempts: number): number => Math.min(2 ** attempts, 300);

const deliver = async (
  topic: string,
  rows: Row[],
  signal: AbortSignal | undefined,
): Promise<Map<string, SendFailure>> => {
  try {
    if (topic === "events")
      return await putEvents(
        rows.map(({ id, body }) => ({
          id,
          type: String(body["type"]),
          occurredAt: String(body["occurredAt"]),
          detail: inEventOrder(body),
        })),
        signal,
      );
    return await send(
      topic,
      rows.map((row) => ({ id: row.id, body: row.body, groupKey: row.group_key, delaySeconds: row.delay_seconds })),
      signal,
    );
  } catch (error) {
    // A topic without a queue, for example of a newer version: the other topics are sent.
    logger.error("relay could not send", { topic, rows: rows.length, ...describeError(error) });
    const failure = { isRefused: false, error: "the topic has no queue" };
    return new Map(rows.map(({ id }) => [id, failure]));
  }
};

/** UPDATE returns rows in any order; ids are in order of creation. */
const inOrder = (rows: Row[]): Row[] => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
