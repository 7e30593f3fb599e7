type DriverError = { code?: unknown; constraint_name?: string; cause?: unknown };

/**
 * The SQLSTATE (or the client's code, such as `ECONNRESET`) and the violated constraint of a failed statement. Drizzle wraps
 * the driver's error as the cause of its own, which has no code.
 */
export const pgError = (error: unknown): { code: string | undefined; constraint: string | undefined } => {
  // A thrown value that is not an object has none of these members.
  const thrown = Object(error) as DriverError;
  const { code, constraint_name: constraint } =
    thrown.code === undefined ? (Object(thrown.cause) as DriverError) : thrown;
  return { code: code === undefined ? undefined : String(code), constraint };
};
