import { randomUUID } from "node:crypto";

/** The two headers of W3C Trace Context, as a request or message has them. */
export type TraceHeaders = { traceparent?: string | null | undefined; tracestate?: string | null | undefined };

/**
 * Where a request or message is in its trace. `traceparent` and `tracestate` are what it passes on to what it causes; the latter is
 * what the caller's tracing system wrote for the next participants, to which Resolve adds nothing.
 */
export type Trace = {
  traceId: string;
  spanId: string;
  parentId?: string;
  traceparent: string;
  tracestate?: string | undefined;
};

/** W3C Trace Context: version, trace, span, flags. A later version may have more fields; zeros are no id. */
const pattern =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-[\x21-\x7e]{0,200})?$/;

/** 122 random bits as 32 digits, from Node's supply; asking the kernel for eight bytes takes 10 µs each time. */
const randomHex = (): string => randomUUID().replaceAll("-", "");

/** Continues the trace of a `traceparent`, with a new span; begins a new trace when there is none, or it is not valid. */
export const continueTrace = ({ traceparent, tracestate }: TraceHeaders = {}): Trace => {
  const [, version, traceId, parentId, flags, rest] = pattern.exec(traceparent ?? "") ?? [];
  const spanId = randomHex().slice(16);
  if (!traceId || !parentId || (version === "00" && rest !== undefined)) {
    const own = randomHex();
    return { traceId: own, spanId, traceparent: `00-${own}-${spanId}-01` };
  }
  const passedOn = { traceparent: `00-${traceId}-${spanId}-${flags}`, tracestate: validState(tracestate) };
  return { traceId, spanId, parentId, ...passedOn };
};

/** W3C Trace Context: `key=value`. A value contains neither comma nor equals sign. */
const member = /^[a-z0-9][a-z0-9_*/@-]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}$/;
const membersMax = 32;
/** The standard asks for at least so many; each message and event of the trace carries them. */
const stateCharsMax = 512;
/** Of members that do not fit, the standard removes first those that are longer than this, then the last ones. */
const largeMemberChars = 128;

/** Undefined when it is empty or not valid: the trace goes on without it. */
const validState = (given: string | null | undefined): string | undefined => {
  let members = (given ?? "").split(",").map((one) => one.trim());
  members = members.filter((one) => one !== "");
  if (members.length > membersMax || !members.every((one) => member.test(one))) return undefined;
  while (members.join().length > stateCharsMax)
    // -1, when none is large, is the last one.
    members = members.toSpliced(
      members.findLastIndex(({ length }) => length > largeMemberChars),
      1,
    );
  return members.join() || undefined;
};
