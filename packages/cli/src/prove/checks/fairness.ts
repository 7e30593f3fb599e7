import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { unwrap } from "@resolve/sdk";
import pMap from "p-map";
import { type Check, details } from "../check.ts";
import { createKey, createWebhook, isSigned, startReceiver } from "../receiver.ts";
import { until } from "../tenant.ts";

/** More attempts than the local runtime makes at a time. */
const hanging = 60;
/** As many as one endpoint may have at a time. */
const hangingAtOnce = 10;
const delivered = 20;
const limitSeconds = 3;

export const fairness: Check = {
  name: "fairness",
  promise: "A customer whose receiver never responds does not delay another customer's webhooks",
  limit: `${delivered} of ${delivered} delivered once, correctly signed, within ${limitSeconds} s`,
  // Its receivers have addresses on this machine.
  isLocalOnly: true,
  async run({ a, b }) {
    // It accepts connections, and never responds.
    let open = 0;
    let most = 0;
    const silent = createServer((socket) => {
      most = Math.max(most, ++open);
      socket.on("close", () => open--).on("error", () => {});
    }).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const good = await startReceiver();
    try {
      const { id: webhookId } = await createWebhook(a, `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`);
      const { secret } = await createWebhook(b, good.url);
      const of = (id: string) => good.arrivals.filter(({ subjectId }) => subjectId === id);
      const deliver = async () => {
        const createdAt = new Map<string, number>();
        for (let n = 0; n < delivered; n++) createdAt.set(await createKey(b), performance.now());
        const missing = () => [...createdAt.keys()].filter((id) => of(id).length === 0);
        await until(
          "the deliveries",
          async () => missing(),
          (ids) => ids.length === 0,
          30,
        ).catch(() => undefined);
        const slowest = Math.max(0, ...[...createdAt].map(([id, from]) => (of(id)[0]?.at ?? Number.NaN) - from));
        return { createdAt, arrived: delivered - missing().length, slowest: `${(slowest / 1000).toFixed(2)} s` };
      };
      // The first deliveries also wait for the start of functions, which is not the hanging receiver's doing.
      const alone = await deliver();
      await pMap(Array.from({ length: hanging }), () => createKey(a), { concurrency: 4 });
      await until(
        "the attempts that hang",
        async () => {
          const params = { path: { webhookId }, query: { limit: hanging } };
          const { data } = await unwrap(a.client.GET("/api/v1/webhooks/{webhookId}/deliveries", { params }));
          return data.length;
        },
        (made) => made === hanging && most >= hangingAtOnce,
        30,
      );
      const { createdAt, arrived, slowest } = await deliver();
      // A repeated delivery would arrive now.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const faults = [...createdAt].flatMap(([id, from]) => {
        const [arrival, ...repeated] = of(id);
        if (!arrival) return [`the event of ${id} was not delivered`];
        const seconds = (arrival.at - from) / 1000;
        return [
          ...(repeated.length === 0 ? [] : [`the event of ${id} was delivered ${repeated.length + 1} times`]),
          ...(seconds <= limitSeconds ? [] : [`the event of ${id} was delivered after ${seconds.toFixed(1)} s`]),
          ...(isSigned(arrival, secret) ? [] : [`the signature of ${id} is wrong`]),
        ];
      });
      // A new attempt may connect before the end of the one before it is seen.
      if (most > 1.5 * hangingAtOnce)
        faults.unshift(`${most} attempts of tenant A were under way at a time, and ${hangingAtOnce} may be`);
      return {
        measured: `${arrived} of ${delivered}, the slowest after ${slowest} (without the hanging receiver: ${alone.slowest})`,
        passed: faults.length === 0,
        detail: details(
          [
            `tenant A: ${hanging} events to an endpoint that accepts connections and never responds; tenant B: ${delivered} events`,
          ],
          faults,
        ),
      };
    } finally {
      silent.close();
      await good.down();
    }
  },
};
