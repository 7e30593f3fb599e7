import { Logger } from "@aws-lambda-powertools/logger";
import { pgError } from "./database/pg-error.ts";
import { isTraced } from "./resources.ts";

/** One logger and one tracer for all functions (M-3: service `resolve-app`). */
const serviceName = "resolve-app";
export const logger = new Logger({ serviceName });

/** Its X-Ray SDK hooks into every promise, a tenth of a request's CPU: it is loaded where somebody takes its segments. */
export const tracer = isTraced()
  ? new (await import("@aws-lambda-powertools/tracer")).Tracer({ serviceName })
  : undefined;

/** What may be logged of an error: never a driver's message, which carries SQL and parameters. */
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
