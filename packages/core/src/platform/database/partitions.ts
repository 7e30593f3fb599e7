import { sql } from "drizzle-orm";
import { withSystemTx } from "../context.ts";
import { logger } from "../telemetry.ts";
import { only } from "./rows.ts";

const monthsAhead = 3;
/** An alarm is raised below this; then at least one month remains to solve the problem. */
const monthsAheadMin = 2;

/** Creates the partitions of the next months. @throws Error when a table still has fewer than two months ahead. */
export async function maintainPartitions(): Promise<{ made: number }> {
  return withSystemTx("maintain-partitions", async (db) => {
    const result = only(await db.execute<{ made: number }>(sql`select app.ensure_partitions(${monthsAhead}) as made`));
    const short = await db.execute<{ parent: string; months: number }>(
      sql`select parent, months from app.partitions_ahead() where months < ${monthsAheadMin}`,
    );
    const [first] = short;
    if (first) {
      logger.error("too few partitions ahead", { tables: short.map((row) => `${row.parent}: ${row.months}`) });
      throw new Error(`${first.parent} has partitions for ${first.months} months ahead only`);
    }
    return { made: result.made };
  });
}
