import { and, inArray, type SQL } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { now } from "../clock.ts";
import type { Ctx } from "../context.ts";
import { Problem, type ProblemCode } from "../problems.ts";
import { type Changes, type Row, updateRows } from "./rows.ts";

/** Transitions of a state machine by name: their start and end states, when they happen, and the verb for a refusal. */
export type Transitions<State extends string> = Readonly<
  Record<string, { from: readonly State[]; to: readonly State[]; when: string; verb: string }>
>;
type StateTable = PgTable & { status: PgColumn; updatedAt: PgColumn };

/** Changes the state of rows by a table of transitions. `refusal`: the noun and the problem code for a refused transition. */
export const stateMachine = <T extends StateTable, const M extends Transitions<string>>(
  table: T,
  transitions: M,
  refusal: { noun: string; problem: ProblemCode },
) => {
  // `transitions` has every `keyof M`.
  const moveOf = (transition: keyof M) => transitions[transition]!;
  return {
    /** Can this transition start in this state? */
    allows: (transition: keyof M, state: string): boolean => moveOf(transition).from.includes(state),

    /**
     * Changes the state when the row of `where` is in a state where the transition starts; undefined otherwise. It is one
     * statement, so that one of many concurrent callers succeeds. Joins the caller's transaction.
     */
    async move<N extends keyof M>(
      ctx: Ctx,
      where: SQL | undefined,
      transition: N,
      to: M[N]["to"][number],
      changes: Changes<T> = {},
    ): Promise<Row<T> | undefined> {
      // The type of a table that is a parameter does not show its columns; StateTable names these two.
      const changed = { ...changes, status: to, updatedAt: now() } as Changes<T>;
      const begins = inArray(table.status, [...moveOf(transition).from]);
      const [row] = await updateRows(ctx.db, table, changed, and(where, begins));
      return row;
    },

    /** The problem for a refused transition, with the states in which it is possible. */
    conflict(transition: keyof M, state: string): Problem {
      const { from, verb } = moveOf(transition);
      const detail = `A ${refusal.noun} that is ${state} cannot ${verb}.`;
      return new Problem(refusal.problem, detail, { state, allowed: from });
    },
  };
};
