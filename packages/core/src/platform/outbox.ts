import { sql } from "drizzle-orm";
import { withSystemTx } from "./context.ts";
import { inEventOrder } from "./envelope.ts";
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

/**
 * Sends what is due: claim with SKIP LOCKED, commit, send, delete what was taken. Whoever dies between sending and
 * deleting sends twice; consumers expect that. Returns how many rows were claimed.
 */
export async function relay(options: { limit: number }): Promise<number> {
  const rows = await withSystemTx("relay", (db) =>
    db.execute<Row>(sql`
      update app.outbox o set due_at = app.now() + make_interval(secs => ${claimSeconds}), attempts = attempts + 1
      from (select id from app.outbox where due_at <= app.now() order by due_at, id limit ${options.limit} for update skip locked) c
      where o.id = c.id returning o.id, o.topic, o.group_key, o.delay_seconds, o.body, o.attempts`),
  );
  if (rows.length === 0) return 0;
  const failed = new Set<string>();
  for (const [topic, group] of Map.groupBy(inOrder(rows), (row) => row.topic)) {
    for (const id of await deliver(topic, group)) failed.add(id);
  }
  const sent = rows.filter((row) => !failed.has(row.id)).map((row) => row.id);
  await withSystemTx("relay", async (db) => {
    if (sent.length > 0) await db.execute(sql`delete from app.outbox where id = any(${sql.param(sent)}::uuid[])`);
    for (const row of rows.filter((row) => failed.has(row.id))) {
      await db.execute(
        sql`update app.outbox set due_at = app.now() + make_interval(secs => ${retrySeconds(row.attempts)}) where id = ${row.id}`,
      );
    }
  });
  return rows.length;
}

/** 2 s, doubled per attempt, at most 5 min. */
export const retrySeconds = (attempts: number): number => Math.min(2 ** attempts, 300);

const deliver = async (topic: string, rows: Row[]): Promise<Set<string>> => {
  try {
    if (topic === "events") {
      const events = rows.map((row) => ({
        id: row.id,
        type: String(row.body["type"]),
        occurredAt: String(row.body["occurredAt"]),
        detail: inEventOrder(row.body),
      }));
      return await putEvents(events);
    }
    return await send(
      topic,
      rows.map((row) => ({ id: row.id, body: row.body, groupKey: row.group_key, delaySeconds: row.delay_seconds })),
    );
  } catch (error) {
    logger.warn("relay could not send", { topic, rows: rows.length, ...describeError(error) });
    return new Set(rows.map((row) => row.id));
  }
};

/** UPDATE returns rows in any order; ids are in order of creation. */
const inOrder = (rows: Row[]): Row[] => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
