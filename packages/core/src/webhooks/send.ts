import { now } from "../platform/clock.ts";
import { Problem } from "../platform/problems.ts";
import { egressPolicy } from "../platform/resources.ts";
import { EgressError, egressFetch } from "../platform/services/egress.ts";
import { AttemptMessage, type AttemptResult } from "./messages.ts";

export { AttemptMessage };

export const attemptSeconds = 15;
/** A message that waited longer in the queue is not sent. */
const signatureSecondsMax = 240;
const responseBytesMax = 64 * 1024;
/** Length of the response excerpt that the tenant sees with the attempt. */
const excerptChars = 1_000;

/** Makes one attempt. Every behaviour of the endpoint is a result; only bugs throw. */
export async function sendAttempt(message: AttemptMessage): Promise<AttemptResult> {
  const attemptedAt = now();
  const startedAt = performance.now();
  const result = (
    outcome: Pick<AttemptResult, "statusCode" | "error" | "response" | "retryAfterSeconds">,
  ): AttemptResult => ({
    tenantId: message.tenantId,
    deliveryId: message.deliveryId,
    attempt: message.attempt,
    durationMs: Math.round(performance.now() - startedAt),
    isStale: false,
    attemptedAt: attemptedAt.toISOString(),
    ...outcome,
  });
  // Receivers refuse a signature that is older than five minutes: the dispatcher signs again.
  const ageSeconds = attemptedAt.getTime() / 1000 - Number(message.headers["webhook-timestamp"]);
  if (ageSeconds > signatureSecondsMax)
    return { ...result({ statusCode: null, error: null, response: "", retryAfterSeconds: null }), isStale: true };
  try {
    const { status, headers, body } = await egressFetch(
      message.url,
      {
        method: "POST",
        headers: message.headers,
        body: message.body,
        maxRedirects: 0,
        maxResponseBytes: responseBytesMax,
        timeoutSeconds: attemptSeconds,
      },
      egressPolicy(),
    );
    const response = Buffer.from(body).toString("utf8").slice(0, excerptChars);
    return result({ statusCode: status, error: null, response, retryAfterSeconds: retryAfter(headers["retry-after"]) });
  } catch (error) {
    const reason = error instanceof EgressError ? error.reason : error instanceof Problem ? error.code : "connect";
    return result({ statusCode: null, error: reason, response: "", retryAfterSeconds: null });
  }
}

/** Seconds from a Retry-After header, which is a number or a date (RFC 9110 §10.2.3). */
const retryAfter = (header: string | undefined): number | null => {
  if (!header) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now().getTime()) / 1000));
};
