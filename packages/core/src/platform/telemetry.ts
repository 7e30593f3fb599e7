import { Logger } from "@aws-lambda-powertools/logger";
import { pgError } from "./database/pg-error.ts";
import { isTraced } from "./resources.ts";

/** One logger and one tracer for all functions (M-3: service `resolve-app`). */
const serviceName = "resolve-app";
/** Metric filters read the stage of a line, so that the metrics of two stages in one account stay apart. */
const stage = process.env["RESOLVE_STAGE"];
export const logger = new Logger({ serviceName, ...(stage ? { persistentKeys: { stage } } : {}) });

/** Loaded only with tracing, because the X-Ray SDK instruments every promise, which costs 10 % of a request's CPU time. */
export const tracer = isTraced()
  ? new (await import("@aws-lambda-powertools/tracer")).Tracer({ serviceName })
  : undefined;

/** The properties of an error that may be logged; never a driver's message, which contains SQL and parameters. */
export const describeError = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code, constraint } = pgError(error);
  const isDriver = error.name === "PostgresError" || error.message.startsWith("Failed query");
  return {
    error: error.name,
    ...(isDriver ? {} : { errorMessage: error.message }),
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    stack: error.stack
      ?.split("\n")
      .filter((line) => line.trimStart().startsWith("at "))
      .slice(0, 8),
  };
};
