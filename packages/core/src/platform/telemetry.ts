import { Logger } from "@aws-lambda-powertools/logger";
import { Tracer } from "@aws-lambda-powertools/tracer";

/** One logger and one tracer for all functions (M-3: service `resolve-app`). */
export const logger = new Logger({ serviceName: "resolve-app" });
export const tracer = new Tracer({ serviceName: "resolve-app" });

/** What may be logged of an error: never a driver's message, which carries SQL and parameters. */
export const describeError = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause as { code?: unknown; constraint_name?: unknown; name?: unknown } | undefined;
  const code = (error as { code?: unknown }).code ?? cause?.code;
  const isDriver = error.name === "PostgresError" || error.message.startsWith("Failed query");
  return {
    error: error.name,
    ...(isDriver ? {} : { errorMessage: error.message }),
    ...(code === undefined ? {} : { code }),
    ...(cause?.constraint_name === undefined ? {} : { constraint: cause.constraint_name }),
    stack: error.stack
      ?.split("\n")
      .filter((line) => line.trimStart().startsWith("at "))
      .slice(0, 8),
  };
};
