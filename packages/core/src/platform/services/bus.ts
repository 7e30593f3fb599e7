import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { resource } from "../resources.ts";

/** PutEvents takes 10 entries a call (EventBridge quotas, F-68). */
const entriesMax = 10;

export type BusEvent = { id: string; type: string; occurredAt: string; detail: unknown };

/** Puts events on the resolve bus and returns the ids of those it did not take. Source is `resolve.<noun>`. */
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
    // Answers come in the order of the entries.
    Entries.forEach((entry, n) => {
      if (entry.ErrorCode) failed.add(batch[n]!.id);
    });
  }
  return failed;
}

let client: EventBridgeClient | undefined;
