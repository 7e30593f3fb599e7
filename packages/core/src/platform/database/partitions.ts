import { sql } from "drizzle-orm";
import { withSystemTx } from "../context.ts";
import { logger } from "../telemetry.ts";
import { only } from "./rows.ts";

const monthsAhead = 3;
/** Below this the alarm rings: there is a month left to find out why. */
const monthsAheadMin = 2;

/** Makes the months to come. @throws Error when a table still has fewer than two months ahead. */
export async function maintainPartitions(): Promise<{ made: number }> {
  return withSystemTx("maintain-partitions", async (db) => {
    const result = only(await db.execute<{ made: number }>(sql`select app.ensure_partitions(${monthsAhead}) as made`));
    const short = await db.execute<{ parent: string; months: number }>(
      sql`select parent, months from app.partitions_ahead() where months < ${monthsAheadMin}`,
    );
    if (short.length > 0) {
      logger.error("partitions run out", { tables: short.map((row) => `${row.parent}: ${row.months}`) });
      throw new Error(`${short[0]!.parent} has partitions for ${short[0]!.months} months ahead only`);
    }
    return { made: result.made };
  });
}
