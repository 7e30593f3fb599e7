import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { sourceOf } from "../event-source.ts";
import { resource } from "../resources.ts";
import { callSignal, type SendFailure, sendBatches } from "./batches.ts";

export type BusEvent = { id: string; type: string; occurredAt: string; detail: unknown };

/** Errors of an entry that pass (EventBridge API reference, PutEventsResultEntry). */
const transientCodes = new Set(["ThrottlingException", "InternalFailure", "InternalException", "ServiceUnavailable"]);

/** Puts events on the resolve bus and returns the failures by id (PutEvents, F-68). Source is `resolve.<noun>`. */
export const putEvents = (events: readonly BusEvent[], signal?: AbortSignal): Promise<Map<string, SendFailure>> => {
  const { name, endpoint, region } = resource("Bus");
  client ??= new EventBridgeClient({ ...(endpoint ? { endpoint } : {}), ...(region ? { region } : {}) });
  const sender = client;
  const entries = events.map(({ id, type, occurredAt, detail }) => {
    const Detail = JSON.stringify(detail);
    const entry = {
      EventBusName: name,
      Source: sourceOf(type),
      DetailType: type,
      Time: new Date(occurredAt),
      Detail,
    };
    // An entry's size is that of its strings, and 14 bytes for the time (EventBridge user guide, PutEvents entry size).
    return { id, entry, bytes: 14 + Buffer.byteLength(entry.Source + entry.DetailType + Detail) };
  });
  return sendBatches(entries, async (batch) => {
    const command = new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) });
    const { Entries = [] } = await sender.send(command, { abortSignal: callSignal(signal) });
    // Results come in the order of the entries.
    return new Map(
      Entries.flatMap(({ ErrorCode }, n) =>
        ErrorCode ? [[batch[n]!.id, { isRefused: !transientCodes.has(ErrorCode), error: ErrorCode }]] : [],
      ),
    );
  });
};

let client: EventBridgeClient | undefined;
