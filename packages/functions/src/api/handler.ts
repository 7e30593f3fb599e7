import { readIssuerKeys } from "@resolve/core/identity";
import { readLinkedSecrets } from "@resolve/core/platform/services/linked-secrets";
import { handle, type LambdaContext, type LambdaEvent } from "hono/aws-lambda";
import { app } from "./index.ts";
import { countResponse } from "./observe.ts";

type ApiEvent = Extract<LambdaEvent, { rawPath: string }>;

const toResponse = handle(app);
const respond = async (event: ApiEvent, context: LambdaContext) => {
  const response = await toResponse(event, context);
  await countResponse(event, Buffer.byteLength(response.body, response.isBase64Encoded ? "base64" : "utf8"));
  return response;
};

// During the start of the process, so that the first request waits neither for the issuers nor for secrets.
await Promise.all([readIssuerKeys(), readLinkedSecrets()]);

/** API Gateway HTTP API, payload format 2.0. */
export const handler = (event: ApiEvent, context: LambdaContext) => {
  const { body, headers } = event;
  if (!body || !["GET", "HEAD"].includes(event.requestContext.http.method)) return respond(event, context);
  // A `Request` of GET or HEAD cannot have a body. Its length says that there was one; a chunked body came without a length.
  return respond({ ...event, body: null, headers: { ...headers, "content-length": String(body.length) } }, context);
};
