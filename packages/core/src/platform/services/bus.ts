import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { resource } from "../resources.ts";

/** PutEvents accepts 10 entries per call (EventBridge quotas, F-68). */
const entriesMax = 10;

export type BusEvent = { id: string; type: string; occurredAt: string; detail: unknown };

/** Puts events on the bus and returns the ids of the events that it did not accept. Their source is `resolve.<noun>`. */
export async function putEvents(events: readonly BusEvent[]): Promise<Set<string>> {
  const { name, endpoint, region } = resource("Bus");
  client ??= new EventBridgeClient({ ...(endpoint ? { endpoint } : {}), ...(region ? { region } : {}) });
  const failed = new Set<string>();
  for (let start = 0; start < events.length; start += entriesMax) {
    const batch = events.slice(start, start + entriesMax);
    const command = new PutEventsCommand({
      Entries: batch.map((event) => ({
        EventBusName: name,
        Source: `resolve.${event.type.split(".")[0]}`,
        DetailType: event.type,
        Time: new Date(event.occurredAt),
        Detail: JSON.stringify(event.detail),
      })),
    });
    const { Entries = [] } = await client.send(command);
    // The results have the order of the entries, so each index is one of the batch.
    Entries.forEach((entry, n) => {
      if (entry.ErrorCode) failed.add(batch[n]!.id);
    });
  }
  return failed;
}

let client: EventBridgeClient | undefined;
