import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { matchesPattern } from "@resolve/core/events/pattern";
import { type FunctionName, type RuleName, type RuleSpec, rules as topologyRules } from "@resolve/functions/topology";
import { listeningPort } from "../listening-port.ts";

/** Limits of PutEvents (EventBridge quotas). */
const entriesMax = 10;
const requestBytesMax = 256 * 1024;
const archiveMax = 10_000;

export type BusEvent = {
  version: "0";
  id: string;
  source: string;
  "detail-type": string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
  /** Only of an event that a replay delivers again. */
  "replay-name"?: string;
};
type Replay = { ReplayName?: string; EventStartTime?: number; EventEndTime?: number };
export type Entry = {
  EventBusName?: string;
  Source?: string;
  DetailType?: string;
  Detail?: string;
  Time?: number | string;
  Resources?: string[];
};

/**
 * EventBridge on loopback: accepts PutEvents over AWS's JSON protocol, matches the rules' patterns and invokes their
 * targets asynchronously. A failed invocation is retried, and finally goes to the rule's dead letters. An archive keeps the
 * last events of the resolve bus, and StartReplay delivers those of a period again.
 */
export async function startBus(options: {
  invoke: (target: FunctionName, event: BusEvent) => Promise<unknown>;
  rules?: Record<string, RuleSpec>;
  /** Receives the record that Lambda sends to the rule's dead-letter queue after the last failure of its function. */
  onDeadLetter?: (rule: RuleName, record: object) => void;
  /** Milliseconds before the n-th retry of an invocation. */
  retryMs?: (attempt: number) => number;
  port?: number;
}) {
  const rules = Object.entries(options.rules ?? topologyRules);
  const retryMs = options.retryMs ?? ((attempt) => 1000 * 2 ** attempt);
  const archive: BusEvent[] = [];
  const replays = new Map<string, { State: "COMPLETED"; ReplayName: string }>();
  let duplicates = 0;
  const running = new Set<Promise<void>>();
  let isClosed = false;

  const deliver = async (name: string, rule: RuleSpec, event: BusEvent): Promise<void> => {
    const startedAt = Date.now();
    for (let attempt = 0; !isClosed; attempt++) {
      try {
        await options.invoke(rule.target, event);
        return;
      } catch (error) {
        const isOld = Date.now() - startedAt > rule.maximumEventAgeSeconds * 1000;
        if (attempt >= rule.maximumRetryAttempts || isOld) {
          // The keys of `rules` are its names.
          options.onDeadLetter?.(name as RuleName, failureOf(event, error, attempt + 1));
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, retryMs(attempt)));
      }
    }
  };

  const publish = (
    bus: RuleSpec["bus"],
    event: Pick<BusEvent, "source" | "detail-type" | "detail"> & Partial<BusEvent>,
  ): void => {
    const full: BusEvent = {
      version: "0",
      id: randomUUID(),
      account: "000000000000",
      time: new Date().toISOString(),
      region: "us-east-1",
      resources: [],
      ...event,
    };
    if (bus === "resolve") {
      archive.push(full);
      if (archive.length > archiveMax) archive.shift();
    }
    match(bus, full);
    if (duplicates > 0) {
      duplicates -= 1;
      match(bus, full);
    }
  };

  const match = (bus: RuleSpec["bus"], event: BusEvent): void => {
    for (const [name, rule] of rules) {
      if (rule.bus !== bus || !matchesPattern(rule.pattern, event)) continue;
      const delivery = deliver(name, rule, event).finally(() => running.delete(delivery));
      running.add(delivery);
    }
  };

  /** Delivers the archived events of a period again, under their old ids. They are not archived a second time. */
  const replay = ({ ReplayName = "", EventStartTime = 0, EventEndTime = 0 }: Replay): Refusal | object => {
    if (replays.has(ReplayName)) return { __type: "ResourceAlreadyExistsException" };
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(ReplayName) || !(EventStartTime < EventEndTime))
      return { __type: "ValidationException", message: "A name, and a start before the end, are needed" };
    const inPeriod = ({ time }: BusEvent) =>
      Date.parse(time) >= EventStartTime * 1000 && Date.parse(time) < EventEndTime * 1000;
    for (const event of archive.filter(inPeriod)) match("resolve", { ...event, "replay-name": ReplayName });
    replays.set(ReplayName, { State: "COMPLETED", ReplayName });
    return { ReplayArn: `arn:aws:events:us-east-1:000000000000:replay/${ReplayName}`, State: "STARTING" };
  };

  const describeReplay = ({ ReplayName = "" }: Replay): Refusal | object =>
    replays.get(ReplayName) ?? { __type: "ResourceNotFoundException" };

  const accept = (entry: Entry, id: string): undefined => {
    const time =
      typeof entry.Time === "number"
        ? new Date(entry.Time * 1000).toISOString()
        : new Date(entry.Time ?? Date.now()).toISOString();
    const bus = entry.EventBusName?.split("/").at(-1) === "resolve" ? "resolve" : "default";
    // `putEvents` has refused entries without these fields.
    publish(bus, {
      id,
      time,
      source: entry.Source!,
      "detail-type": entry.DetailType!,
      detail: JSON.parse(entry.Detail!),
      resources: entry.Resources ?? [],
    });
  };

  const actions: Record<string, (request: Replay & { Entries?: Entry[] }) => Refusal | object> = {
    PutEvents: ({ Entries = [] }) => putEvents(Entries, accept),
    StartReplay: replay,
    DescribeReplay: describeReplay,
  };

  const server = createServer(async (request, response) => {
    const respond = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    const body = await buffer(request);
    const action = actions[String(request.headers["x-amz-target"]).replace("AWSEvents.", "")];
    const answer = action?.(JSON.parse(body.toString("utf8"))) ?? { __type: "UnknownOperationException" };
    return respond("__type" in answer ? 400 : 200, answer);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));

  return {
    endpoint: `http://127.0.0.1:${listeningPort(server)}`,
    /** Publishes an event of an AWS service, such as S3's on the default bus. */
    publish,
    /** The next published events are delivered twice, as EventBridge sometimes does. */
    duplicate: (events: number): void => {
      duplicates += events;
    },
    close: async () => {
      isClosed = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.allSettled([...running]);
    },
  };
}

/** The record of a failed asynchronous invocation (Lambda developer guide, "Capturing records of asynchronous invocations"). */
const failureOf = (requestPayload: BusEvent, error: unknown, approximateInvokeCount: number) => ({
  version: "1.0",
  timestamp: new Date().toISOString(),
  requestContext: { requestId: randomUUID(), condition: "RetriesExhausted", approximateInvokeCount },
  requestPayload,
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  responsePayload: { errorMessage: error instanceof Error ? error.message : String(error) },
});

type EntryRefusal = { ErrorCode: string; ErrorMessage: string };

/** Accepts each valid entry, unless `accept` refuses it. A request that is invalid as a whole accepts none. */
export const putEvents = (
  entries: readonly Entry[],
  accept: (entry: Entry, id: string) => EntryRefusal | undefined,
): Refusal | object => {
  if (entries.length === 0 || entries.length > entriesMax)
    return { __type: "ValidationException", message: "Member must have length between 1 and 10" };
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > requestBytesMax)
    return { __type: "ValidationException", message: "Total size of the entries in the request is over the limit." };
  const results = entries.map((entry) => {
    const EventId = randomUUID();
    return refusalOf(entry) ?? accept(entry, EventId) ?? { EventId };
  });
  return { Entries: results, FailedEntryCount: results.filter((result) => "ErrorCode" in result).length };
};

type Refusal = { __type: string; message?: string };

/** EventBridge's size of an entry: 14 bytes for the time, and its strings (user guide, "PutEvents event entry size"). */
const sizeOf = ({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: Entry): number =>
  [Source, DetailType, Detail, ...Resources].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    Time === undefined ? 0 : 14,
  );

const refusalOf = (entry: Entry): EntryRefusal | undefined => {
  if (!entry.Source || !entry.DetailType || !entry.Detail)
    return { ErrorCode: "InvalidArgument", ErrorMessage: "Parameter Source, DetailType or Detail is not valid." };
  if (entry.Source.startsWith("aws."))
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  try {
    const detail: unknown = JSON.parse(entry.Detail);
    if (typeof detail === "object" && detail !== null && !Array.isArray(detail)) return undefined;
  } catch {
    // Refused below.
  }
  return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
};
