import type { ApiResponse, Call } from "../../client.ts";
import { settled } from "../../client.ts";
import { demand } from "./operation.ts";
import { foundBy, type Hook, type Model, may, sees, words } from "./state.ts";

type Event = { id: string; type: string; sequence: number; subject: { id: string }; data: { version?: number } };

/** Waits until all work has ended, and compares the tenant with the model. @throws Error with the first difference */
export async function checkAll(model: Model, owner: Call): Promise<void> {
  for (const { id, words: versions, isDeleted } of model.documents) {
    if (isDeleted) continue;
    const { status, version, liveVersion } = await settledLater(owner, id);
    demand(status === "ready", `${id} ended as ${status}`);
    demand(
      version === versions.length && liveVersion === version,
      `${id} is at version ${version}, live ${liveVersion}`,
    );
  }
  await checkKeys(model);
  const events = await eventsOf(owner);
  checkEvents(model, events);
  for (const webhook of model.webhooks) await checkWebhook(webhook, events, owner);
}

/** A message that failed comes back after minutes. */
const waits = 5;
const settledLater = async (owner: Call, id: string) => {
  let document = await settled(owner, id);
  for (let n = 1; n < waits && !["ready", "failed"].includes(document.status); n++) document = await settled(owner, id);
  return document;
};

const checkKeys = async (model: Model): Promise<void> => {
  for (const [n, key] of model.keys.entries()) {
    const listed = await key.call("GET", "/documents?limit=100");
    if (key.isRevoked) {
      demand(listed.status === 401, `the revoked key ${n} lists documents`, listed);
      continue;
    }
    if (may(key, "document:read")) {
      const visible = model.documents
        .filter((one) => !one.isDeleted && sees(model, key, one.collection))
        .map(({ id }) => id);
      demand(same(idsOf(listed), visible), `key ${n} lists ${idsOf(listed)} instead of ${visible}`);
    } else demand(listed.status === 403, `key ${n} lists documents without the scope`, listed);
    if (!may(key, "search:query")) continue;
    for (const word of words) {
      const found = await key.call("POST", "/search", { query: word, mode: "keyword", limit: 100 });
      const ids = [...new Set<string>(found.body.data.map((hit: { document: { id: string } }) => hit.document.id))];
      const expected = foundBy(model, key, word);
      demand(same(ids, expected), `key ${n} finds ${ids} with ${word} instead of ${expected}`);
    }
  }
};

const idsOf = ({ body }: ApiResponse): string[] => body.data.map(({ id }: { id: string }) => id);
const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((item) => other.includes(item));

const eventsOf = async (owner: Call): Promise<Event[]> => {
  const events: Event[] = [];
  for (;;) {
    const { body } = await owner("GET", `/events?limit=100&after=${events.at(-1)?.sequence ?? 0}`);
    events.push(...body.data);
    if (!body.hasMore) return events;
  }
};

const checkEvents = (model: Model, events: Event[]): void => {
  demand(
    events.every(({ sequence }, n) => sequence === n + 1),
    "the event log has a gap",
  );
  for (const type of new Set(model.events.map((one) => one.split(" ")[0]!))) {
    // The first key is created with the tenant.
    const subjects = events.filter((event) => event.type === type && event.subject.id !== model.keys[0]!.id);
    const logged = subjects.map(({ subject }) => `${type} ${subject.id}`).sort();
    const expected = model.events.filter((one) => one.startsWith(`${type} `)).sort();
    demand(String(logged) === String(expected), `${type} happened to ${logged} instead of ${expected}`);
  }
  const ready = events
    .filter(({ type }) => type === "document.ready")
    .map(({ subject, data }) => `${subject.id} ${data.version}`);
  demand(new Set(ready).size === ready.length, "a version became ready twice");
  for (const { id, words: versions, isDeleted } of model.documents)
    demand(isDeleted || ready.includes(`${id} ${versions.length}`), `${id} is ready without an event`);
};

const waitMs = 30_000;

/** Every event that the webhook subscribes to has a delivery, and a receiver that accepts has received it. */
const checkWebhook = async ({ id, receiver, types, since }: Hook, events: Event[], owner: Call): Promise<void> => {
  const wanted = events.filter(
    ({ type, sequence }) =>
      sequence > since && !type.startsWith("webhook.") && (types === null || types.includes(type)),
  );
  const ids = new Set(wanted.map((event) => event.id));
  const deadline = Date.now() + waitMs;
  const isReceived = () =>
    receiver.behaviour !== "accepts" || [...ids].every((event) => receiver.received.includes(event));
  let deliveries: { eventId: string; status: string }[] = [];
  for (;;) {
    deliveries = (await owner("GET", `/webhooks/${id}/deliveries?limit=100`)).body.data;
    const isComplete = isReceived() && [...ids].every((event) => deliveries.some(({ eventId }) => eventId === event));
    if (isComplete || wanted.length > 100) break;
    demand(
      Date.now() < deadline,
      `a webhook that ${receiver.behaviour} has ${deliveries.length} deliveries of ${ids.size} events and received ${receiver.received.length}`,
    );
    await new Promise((done) => setTimeout(done, 200));
  }
  demand(receiver.faults.length === 0, `a webhook was signed wrongly: ${receiver.faults}`);
  const delivered = deliveries.filter(({ status }) => status === "delivered");
  if (receiver.behaviour === "refuses" || receiver.behaviour === "hangs")
    demand(
      delivered.length === 0,
      `${delivered.length} deliveries to a webhook that ${receiver.behaviour} count as delivered`,
    );
  for (const { eventId } of delivered)
    demand(receiver.received.includes(eventId), `${eventId} counts as delivered and was not`);
};
