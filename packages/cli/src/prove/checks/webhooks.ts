import { unwrap } from "@resolve/sdk";
import { type Check, details, seconds } from "../check.ts";
import { createKey, createWebhook, isSigned, startReceiver } from "../receiver.ts";
import { allEvents, until } from "../tenant.ts";

/** Events while the receiver is up, while it is down, and while its webhook is disabled. */
const each = 8;
const limitSeconds = 30;

export const webhooks: Check = {
  name: "webhooks",
  promise: "A receiver that was down gets every event of that time, signed, and none is lost when it is disabled",
  limit: `${3 * each} of ${3 * each}, ${limitSeconds} s after the receiver is back; each again by a replay, with the same webhook-id`,
  // Its receiver has an address on this machine.
  isLocalOnly: true,
  async run({ a }) {
    const receiver = await startReceiver();
    const { arrivals } = receiver;
    try {
      const { id: webhookId, secret } = await createWebhook(a, receiver.url);
      const path = `/api/v1/webhooks/${webhookId}`;
      const post = async (action: string, body?: unknown) => {
        const { status, json } = await a.call("POST", `${path}/${action}`, { body });
        if (status >= 300) throw new Error(`${action}: the API responded with ${status}`);
        return json;
      };
      const ids: string[] = [];
      const createKeys = async () => {
        for (let n = 0; n < each; n++) ids.push(await createKey(a));
      };
      const missing = () => ids.filter((id) => !arrivals.some(({ subjectId }) => subjectId === id));
      const arrived = (timeoutSeconds: number) =>
        until(
          "the deliveries",
          async () => missing(),
          (left) => left.length === 0,
          timeoutSeconds,
        ).catch(() => undefined);

      await createKeys();
      await arrived(limitSeconds);
      await receiver.down();
      await createKeys();
      await until(
        "a failed attempt",
        () => a.call("GET", `${path}/metrics`),
        ({ json }) => Number(json["failures"]) > 0,
      );
      await post("disable");
      const { secret: newSecret } = await post("rotate-secret", { overlapSeconds: 0 });
      await createKeys();
      await receiver.up();
      const backAt = performance.now();
      await post("enable");
      await arrived(limitSeconds);
      const recoveredMs = performance.now() - backAt;
      const left = missing();

      // A replay leaves out a delivery whose result is not recorded yet.
      await until(
        "the results",
        () => a.call("GET", `${path}/metrics`),
        ({ json }) => json["pending"] === 0,
      );
      const known = new Set(arrivals.map((one) => one.webhookId));
      const before = arrivals.length;
      const mine = (await allEvents(a.client)).filter(({ subject }) => ids.includes(subject.id));
      const sequences = mine.map(({ sequence }) => sequence);
      const replay = { after: Math.min(...sequences) - 1, until: Math.max(...sequences) };
      const { job } = await unwrap(
        a.client.POST("/api/v1/webhooks/{webhookId}/replay", { params: { path: { webhookId } }, body: replay }),
      );
      await until(
        "the replay",
        async () => arrivals.length - before,
        (count) => count >= mine.length,
      ).catch(() => undefined);
      const again = arrivals.slice(before);
      const secrets = [secret, String(newSecret)];
      const faults = [
        ...left.map((id) => `the event of ${id} was not delivered`),
        ...arrivals
          .filter((arrival) => !secrets.some((one) => isSigned(arrival, one)))
          .map((arrival) => `the signature of ${arrival.webhookId} is wrong`),
        ...again
          .filter((one) => !known.has(one.webhookId))
          .map((one) => `the replay sent the event of ${one.subjectId} under another webhook-id`),
        ...(new Set(again.map((one) => one.webhookId)).size === ids.length
          ? []
          : [`the replay (${JSON.stringify(job)}) sent ${again.length} of ${ids.length} events`]),
      ];
      return {
        measured: `${ids.length - left.length} of ${ids.length}, ${seconds(recoveredMs)} after the receiver was back; ${again.length} by the replay`,
        passed: faults.length === 0 && recoveredMs <= limitSeconds * 1000,
        detail: details(
          [
            `${each} events to a receiver that is up, ${each} while nothing listened, ${each} while its webhook was disabled; then a replay of ${mine.length} events`,
            "the secret was changed without overlap while the receiver was down",
          ],
          faults,
        ),
      };
    } finally {
      await receiver.down();
    }
  },
};
