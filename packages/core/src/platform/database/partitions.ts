import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, withPlatformTx, withSystemTx } from "../context.ts";
import { describeError, logger } from "../telemetry.ts";
import { pgError } from "./pg-error.ts";
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

/** For how many months a table keeps rows, after the month in which they were created. */
export type RetentionMonths = { events: number; audit_log: number };

/** A month that is kept for so many months longer raises an alarm: something needs its rows, or always has the table. */
const overdueMonthsMax = 2;

/**
 * Drops the months whose retention has ended, each in a transaction of its own. One that is still needed, or whose table is busy, is
 * left to the next run.
 *
 * @throws Error when a month is kept for more than two months longer
 */
export async function retireMonths(retention: RetentionMonths): Promise<{ retired: string[]; kept: string[] }> {
  const [retired, kept]: [string[], string[]] = [[], []];
  const overdue: string[] = [];
  for (const [parent, months] of Object.entries(retention))
    for (const { month, isOverdue } of await endedMonths(parent, months)) {
      const name = `${parent} ${month}`;
      const reason = await retire(parent, month);
      if (reason === null) retired.push(name);
      else {
        kept.push(`${name}: ${reason}`);
        if (isOverdue) overdue.push(`${name}: ${reason}`);
      }
    }
  if (retired.length + kept.length > 0) logger.info("months retired", { retired, kept });
  if (overdue[0]) throw new Error(`a month is kept after its retention: ${overdue[0]}`);
  return { retired, kept };
}

const endedMonths = (parent: string, months: number) =>
  withSystemTx("maintain-partitions", (db) =>
    db.execute<{ month: string; isOverdue: boolean }>(sql`
      select to_char(month, 'YYYY-MM') as month, month + make_interval(months => ${months + 1 + overdueMonthsMax}) <= app.now() as "isOverdue"
      from app.months() where parent = ${parent} and month + make_interval(months => ${months + 1}) <= app.now() order by month`),
  );

/** Null when the month is dropped, otherwise why it is kept. */
const retire = async (parent: string, month: string): Promise<string | null> => {
  try {
    const rows = await withSystemTx("maintain-partitions", (db) =>
      db.execute<{ reason: string | null }>(
        sql`select app.retire_month(${parent}, to_date(${month}, 'YYYY-MM')) as reason`,
      ),
    );
    return only(rows).reason;
  } catch (error) {
    // lock_timeout and deadlock.
    if (!["55P03", "40P01"].includes(pgError(error).code ?? "")) throw error;
    logger.warn("month not retired", { parent, month, ...describeError(error) });
    return "the table is busy";
  }
};

export const Partition = z.object({
  table: z.string(),
  /** Rows that were created in this month (UTC). */
  month: z.string().regex(/^\d{4}-\d{2}$/),
  sizeBytes: z.int(),
});
export type Partition = z.output<typeof Partition>;

/** The monthly partitions of all tables, oldest first. For operators; the route has checked that. */
export const listPartitions = (ctx: Ctx): Promise<Partition[]> =>
  withPlatformTx(ctx, async (db) => {
    const rows = await db.execute<{ table: string; month: string; size: string }>(
      sql`select parent as table, to_char(month, 'YYYY-MM') as month, size_bytes as size from app.months()`,
    );
    return rows.map(({ size, ...row }) => Partition.parse({ ...row, sizeBytes: Number(size) }));
  });
