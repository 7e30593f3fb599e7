import { readIssuerKeys } from "@resolve/core/identity";
import { handle, type LambdaContext, type LambdaEvent } from "hono/aws-lambda";
import { app } from "./index.ts";

const respond = handle(app);

// During the start of the process, so that the first request with a token does not wait for the issuers.
await readIssuerKeys();

/** API Gateway HTTP API, payload format 2.0. */
export const handler = (event: Extract<LambdaEvent, { rawPath: string }>, context: LambdaContext) => {
  const { body, headers } = event;
  if (!body || !["GET", "HEAD"].includes(event.requestContext.http.method)) return respond(event, context);
  // A `Request` of GET or HEAD cannot have a body. Its length says that there was one; a chunked body came without a length.
  return respond({ ...event, body: null, headers: { ...headers, "content-length": String(body.length) } }, context);
};
