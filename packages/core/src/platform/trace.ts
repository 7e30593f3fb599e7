import { randomUUID } from "node:crypto";

/** Where a request or message is in its trace. `traceparent` is what it passes on to what it causes. */
export type Trace = { traceId: string; spanId: string; parentId?: string; traceparent: string };

/** W3C Trace Context: version, trace, span, flags. A later version may have more fields; zeros are no id. */
const pattern =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-[\x21-\x7e]{0,200})?$/;

/** 122 random bits as 32 digits, from Node's supply; asking the kernel for eight bytes takes 10 µs each time. */
const randomHex = (): string => randomUUID().replaceAll("-", "");

/** Continues the trace of a `traceparent`, with a new span; begins a new trace when there is none, or it is not valid. */
export const continueTrace = (given?: string | null): Trace => {
  const [, version, traceId, parentId, flags, rest] = pattern.exec(given ?? "") ?? [];
  const spanId = randomHex().slice(16);
  if (!traceId || !parentId || (version === "00" && rest !== undefined)) {
    const own = randomHex();
    return { traceId: own, spanId, traceparent: `00-${own}-${spanId}-01` };
  }
  return { traceId, spanId, parentId, traceparent: `00-${traceId}-${spanId}-${flags}` };
};
