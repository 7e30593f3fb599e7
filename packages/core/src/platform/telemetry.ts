import { Logger, LogLevelThreshold } from "@aws-lambda-powertools/logger";
import { pgError } from "./database/pg-error.ts";
import { isTraced } from "./resources.ts";

/** One logger and one tracer for all functions (M-3: service `resolve-app`). */
const serviceName = "resolve-app";
/** The stage of a line is a dimension of its metrics, so that those of two stages in one account stay apart. */
const stage = process.env["RESOLVE_STAGE"];
const source = "nodejs";
export const logger = new Logger({ serviceName, persistentKeys: { source, ...(stage ? { stage } : {}) } });

/** What every line has that the logger does not write itself (M-3). `version` is that of the published function. */
export const lineFields = {
  service: serviceName,
  source,
  stage: stage ?? "local",
  version: process.env["AWS_LAMBDA_FUNCTION_VERSION"],
};
export const isInfoLogged = (): boolean => logger.level <= LogLevelThreshold.INFO;

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
