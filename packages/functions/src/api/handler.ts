import { handle, type LambdaContext, type LambdaEvent } from "hono/aws-lambda";
import { app } from "./index.ts";

const respond = handle(app);

/** API Gateway HTTP API, payload format 2.0. */
export const handler = (
  event: LambdaEvent & { requestContext: { http: { method: string } } },
  context: LambdaContext,
) => {
  // A `Request` of GET or HEAD cannot have a body. Its length in the headers says that there was one.
  const hasNone = ["GET", "HEAD"].includes(event.requestContext.http.method);
  return respond(hasNone ? { ...event, body: null } : event, context);
};
