import { z } from "zod";
import { idSchema } from "../platform/id.ts";
import { Cause } from "./cause.ts";
import { SealedHeaders } from "./sealed-headers.ts";

/** Everything that the sender needs: it runs outside the VPC, without access to the database and the endpoints' secrets. */
export const AttemptMessage = z.object({
  tenantId: idSchema("tenant"),
  deliveryId: idSchema("delivery"),
  attempt: z.int(),
  /** The address, or the ARN of an event bus. */
  url: z.string(),
  /** Only of an event bus. */
  roleArn: z.string().optional(),
  headers: z.record(z.string(), z.string()),
  /** The endpoint's own headers, which only the sender opens; null when it has none. */
  sealedHeaders: SealedHeaders.nullable(),
  body: z.string(),
  /** Of the event, so that the delivery is in its trace. Missing in a message of an older version. */
  traceparent: z.string().optional(),
  tracestate: z.string().optional(),
});
export type AttemptMessage = z.output<typeof AttemptMessage>;

export const AttemptResult = z.object({
  tenantId: idSchema("tenant"),
  deliveryId: idSchema("delivery"),
  attempt: z.int(),
  /** Where the attempt was made. */
  url: z.string().optional(),
  statusCode: z.int().nullable(),
  /** Null when the status is 2xx. */
  cause: Cause.nullable(),
  durationMs: z.int(),
  /** The beginning of the response body. */
  response: z.string(),
  retryAfterSeconds: z.int().nullable(),
  /** No attempt was made, because the message had waited too long for its signature. */
  isStale: z.boolean().default(false),
  attemptedAt: z.iso.datetime(),
});
export type AttemptResult = z.output<typeof AttemptResult>;
