import { now } from "../platform/clock.ts";
import { Problem } from "../platform/problems.ts";
import { egressPolicy } from "../platform/resources.ts";
import { putOnBus } from "../platform/services/customer-bus.ts";
import { EgressError, type EgressReason, egressFetch, type Lookup } from "../platform/services/egress.ts";
import { type Cause, causeOfStatus } from "./cause.ts";
import { AttemptMessage, type AttemptResult } from "./messages.ts";
import { openHeaders } from "./sealed-headers.ts";

export { AttemptMessage };

export const attemptSeconds = 15;
/** A message that waited longer in the queue is not sent. */
const signatureSecondsMax = 240;
/** The status says whether the event has arrived; a receiver that stalls afterwards delays only its excerpt. */
const bodySeconds = 2;
const responseBytesMax = 64 * 1024;
/** Length of the response excerpt that the tenant sees with the attempt. */
const excerptChars = 1_000;

type Outcome = Pick<AttemptResult, "statusCode" | "cause"> &
  Partial<Pick<AttemptResult, "response" | "retryAfterSeconds">>;

/** Makes one attempt. Every behaviour of the endpoint is a result; only bugs throw. */
export async function sendAttempt(message: AttemptMessage, lookup?: Lookup): Promise<AttemptResult> {
  const attemptedAt = now();
  const startedAt = performance.now();
  const result = ({ response = "", ...outcome }: Outcome & Partial<AttemptResult>): AttemptResult => ({
    tenantId: message.tenantId,
    deliveryId: message.deliveryId,
    attempt: message.attempt,
    url: message.url,
    durationMs: Math.round(performance.now() - startedAt),
    isStale: false,
    response: response.slice(0, excerptChars),
    retryAfterSeconds: null,
    attemptedAt: attemptedAt.toISOString(),
    ...outcome,
  });
  // Receivers refuse a signature that is older than five minutes: the dispatcher signs again.
  const ageSeconds = attemptedAt.getTime() / 1000 - Number(message.headers["webhook-timestamp"]);
  if (ageSeconds > signatureSecondsMax) return result({ statusCode: null, cause: null, isStale: true });
  return result(await (message.roleArn === undefined ? post(message, lookup) : putOnBus(message)));
}

const post = async (message: AttemptMessage, lookup?: Lookup): Promise<Outcome> => {
  const { tenantId, sealedHeaders, traceparent, tracestate } = message;
  const own = sealedHeaders ? await openHeaders(tenantId, sealedHeaders) : {};
  try {
    const { status, headers, body } = await egressFetch(
      message.url,
      {
        method: "POST",
        headers: { ...own, ...(traceparent && { traceparent }), ...(tracestate && { tracestate }), ...message.headers },
        body: message.body,
        maxRedirects: 0,
        maxResponseBytes: responseBytesMax,
        timeoutSeconds: attemptSeconds,
        bodySeconds,
      },
      egressPolicy(),
      lookup,
    );
    const response = Buffer.from(body).toString("utf8");
    const retryAfterSeconds = retryAfter(headers["retry-after"]);
    return { statusCode: status, cause: causeOfStatus(status), response, retryAfterSeconds };
  } catch (error) {
    return { statusCode: null, cause: causeOf(error) };
  }
};

const causeOfReason: Record<EgressReason, Cause> = {
  "address-not-allowed": "address-not-allowed",
  dns: "dns",
  refused: "refused",
  connect: "connection",
  tls: "tls",
  timeout: "timeout",
  "too-large": "too-large",
  "too-many-redirects": "redirect",
};

/** A `Problem` is an address that was allowed when the endpoint was registered. */
const causeOf = (error: unknown): Cause => {
  if (error instanceof EgressError) return causeOfReason[error.reason];
  return error instanceof Problem ? "address-not-allowed" : "connection";
};

/** Seconds from a Retry-After header, which is a number or a date (RFC 9110 §10.2.3). */
const retryAfter = (header: string | undefined): number | null => {
  if (!header) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  // `Date.parse` reads more than dates of HTTP: "-5" is a year for it. Of their three forms asctime's has no zone and is UTC too.
  const isDate = /^[A-Z][a-z]{2,8},? /.test(header);
  const at = isDate ? Date.parse(header.endsWith("GMT") ? header : `${header} GMT`) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now().getTime()) / 1000));
};
