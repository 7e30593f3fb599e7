import { and, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { type Ctx, withTx } from "../context.ts";
import { describeError, logger } from "../telemetry.ts";
import { type Changes, type Row, updateRows } from "./rows.ts";

/** A worker that was killed keeps its lease this long. A running worker renews it three times in that time. */
const leaseSeconds = 30;
const renewSeconds = 10;
/** Claims without success after which the work fails. */
export const attemptsMax = 5;

/** Another worker has the lease; the queue delivers the message again later. */
export class LeaseHeld extends Error {
  override readonly name = "LeaseHeld";
}

/** Another worker has taken the lease, or the work was stopped: this worker's result is discarded. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

type Column<T> = PgColumn & { _: { data: T } };
type LeaseTable = PgTable & { leaseToken: Column<number>; leaseUntil: Column<Date>; attempts: Column<number> };
type Where = SQL | undefined;

/**
 * The right to work on a row. Each claim raises the fencing token, and every write compares it, so that a worker that lost
 * its lease without noticing cannot write. Times are the database's: clocks of workers differ.
 */
export const leaseOn = <T extends LeaseTable>(table: T) => {
  const until = sql`app.now() + make_interval(secs => ${leaseSeconds})`;
  const isOver = sql`(${table.leaseUntil} is null or ${table.leaseUntil} <= app.now())`;
  // The type of a table that is a parameter does not show its columns; LeaseTable names those that are set here.
  const columns = (values: Record<string, unknown>, changes: Changes<T> = {}) =>
    ({ ...changes, ...values }) as Changes<T>;
  const held = (where: Where, token: number): Where => and(where, eq(table.leaseToken, token));

  const extend = async (ctx: Ctx, where: Where, token: number, changes?: Changes<T>): Promise<void> => {
    await updateRows(ctx.db, table, columns({ leaseUntil: until }, changes), held(where, token));
  };

  return {
    /** Condition: the row, under this token. */
    held,

    /** Takes the lease. Joins the caller's transaction. @throws LeaseHeld */
    async claim(ctx: Ctx, where: Where): Promise<Row<T>> {
      const claimed = columns({
        leaseToken: sql`${table.leaseToken} + 1`,
        leaseUntil: until,
        attempts: sql`${table.attempts} + 1`,
      });
      const [row] = await updateRows(ctx.db, table, claimed, and(where, isOver));
      if (!row) throw new LeaseHeld("another worker holds the lease");
      return row;
    },

    /** Locks the row for the rest of the transaction. Joins the caller's transaction. @throws LeaseLost */
    async assertHeld(ctx: Ctx, where: Where, token: number): Promise<void> {
      const rows = await ctx.db
        .select({ token: table.leaseToken })
        // Drizzle cannot select from a table whose type is a parameter.
        .from(table as PgTable)
        .where(held(where, token))
        .for("update");
      if (rows.length === 0) throw new LeaseLost("another worker holds the lease, or the work was stopped");
    },

    /** Starts the lease's time again. Joins the caller's transaction. */
    extend,

    /** Ends the lease, so that the next message can claim it at once. Undefined when it was lost. Joins the caller's transaction. */
    async release(ctx: Ctx, where: Where, token: number, changes?: Changes<T>): Promise<Row<T> | undefined> {
      const [row] = await updateRows(ctx.db, table, columns({ leaseUntil: null }, changes), held(where, token));
      return row;
    },

    /**
     * Clears a lease whose time is over, or any lease when no worker runs (`isForced`); undefined otherwise. The
     * token stays: the worker that held the lease can still finish, until another one claims it. Joins the caller's
     * transaction.
     */
    async lapse(ctx: Ctx, where: Where, isForced: boolean, changes?: Changes<T>): Promise<Row<T> | undefined> {
      const isLapsed = sql`(${isForced} or ${isOver})`;
      const [row] = await updateRows(ctx.db, table, columns({ leaseUntil: null }, changes), and(where, isLapsed));
      return row;
    },

    /** Renews the lease while `work` runs. A lease that was cleared meanwhile is not renewed. */
    async keep<R>(ctx: Ctx, where: Where, token: number, work: () => Promise<R>, changes?: Changes<T>): Promise<R> {
      const renew = () =>
        withTx(ctx, (ctx) => extend(ctx, and(where, isNotNull(table.leaseUntil)), token, changes)).catch((error) =>
          logger.warn("lease not renewed", describeError(error)),
        );
      let last: Promise<unknown> = Promise.resolve();
      const renewal = setInterval(() => {
        last = renew();
      }, renewSeconds * 1000);
      try {
        return await work();
      } finally {
        clearInterval(renewal);
        // A function must not return while a query of it runs.
        await last;
      }
    },
  };
};
