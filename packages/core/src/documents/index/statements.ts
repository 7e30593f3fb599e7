/** Statements of one transaction that run at the same time. */
export class Statements {
  readonly #running = new Set<Promise<unknown>>();
  readonly #failures: unknown[] = [];

  /**
   * Runs `work`, which starts statements with `start`, and waits for them: a statement sent after the transaction would run in
   * the next transaction of this connection.
   */
  static async run(work: (start: <T>(statement: Promise<T>) => Promise<T>) => Promise<void>): Promise<void> {
    const statements = new Statements();
    try {
      await work((statement) => statements.#start(statement));
    } catch (error) {
      // Later failures only report that the transaction has been aborted.
      throw statements.#failures[0] ?? error;
    } finally {
      await Promise.allSettled(statements.#running);
    }
  }

  #start<T>(statement: Promise<T>): Promise<T> {
    this.#running.add(statement);
    statement.catch((error) => this.#failures.push(error)).finally(() => this.#running.delete(statement));
    return statement;
  }
}
