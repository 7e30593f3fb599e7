import { createHmac } from "node:crypto";
import { newId } from "@resolve/core/platform/id";
import { load } from "@resolve/local/lambda";
import { Pool } from "undici";
import { spread } from "../statistics.ts";
import { runs, withDatabase } from "./harness.ts";

const batchSize = 10;
const batches = 200;
const body = JSON.stringify({
  ...{ id: newId("event"), type: "document.ready", version: 1, tenantId: newId("tenant"), sequence: 120 },
  ...{ occurredAt: "2026-11-30T12:00:00.000Z", actor: "system:process-document" },
  ...{ subject: { type: "document", id: newId("document") }, data: { version: 1, chunks: 12 }, traceparent: null },
});

/** `deliver-webhook` with batches of ten, beside a loop that signs and sends the same requests with undici, ten at a time. */
export const eventsSender = (): Promise<void> =>
  withDatabase(async ({ sink }) => {
    const handler = await load("deliver-webhook");
    const pool = new Pool(sink.url, { connections: batchSize });
    const key = Buffer.alloc(32, 7);
    const headersOf = (id: string) => {
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
      return {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": `v1,${signature}`,
      };
    };
    const recordOf = (n: number) => {
      const deliveryId = newId("delivery");
      const message = {
        tenantId: newId("tenant"),
        deliveryId,
        attempt: 1,
        url: `${sink.url}/hook`,
        headers: headersOf(deliveryId),
        sealedHeaders: null,
        body,
      };
      return {
        messageId: String(n),
        body: JSON.stringify(message),
        attributes: {},
        eventSourceARN: "arn:aws:sqs:us-east-1:0:webhook-delivery",
      };
    };
    const ours = async (Records: ReturnType<typeof recordOf>[]) => {
      const { batchItemFailures } = (await handler({ Records }, { getRemainingTimeInMillis: () => 20_000 })) as {
        batchItemFailures: unknown[];
      };
      if (batchItemFailures.length > 0) throw new Error("deliver-webhook refused a message");
    };
    const bare = async (ids: string[]) => {
      await Promise.all(
        ids.map(async (id) => {
          const response = await pool.request({
            path: "/hook",
            method: "POST",
            headers: headersOf(id),
            body,
          });
          await response.body.dump();
        }),
      );
    };
    /** Deliveries per second, and CPU milliseconds of this process per delivery. What a queue would bring is prepared. */
    const measure = async <T>(work: (batch: T[]) => Promise<void>, messageOf: (n: number) => T) => {
      const prepared = Array.from({ length: batches }, () => Array.from({ length: batchSize }, (_, n) => messageOf(n)));
      const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
      for (const batch of prepared) await work(batch);
      const { user, system } = process.cpuUsage(cpu);
      const count = batches * batchSize;
      const rate = (count * 1000) / (performance.now() - startedAt);
      await sink.read();
      return { rate, cpuMs: (user + system) / 1000 / count };
    };
    const measureBoth = async () => ({
      ours: await measure(ours, recordOf),
      bare: await measure(bare, () => newId("delivery")),
    });
    await measureBoth();
    const pairs: Awaited<ReturnType<typeof measureBoth>>[] = [];
    for (let run = 0; run < runs; run++) pairs.push(await measureBoth());
    const line = (title: string, values: number[], digits = 2) => console.log(title.padEnd(44), spread(values, digits));
    line(
      "deliver-webhook, deliveries/s",
      pairs.map((pair) => pair.ours.rate),
      0,
    );
    line(
      "bare undici loop, deliveries/s",
      pairs.map((pair) => pair.bare.rate),
      0,
    );
    line(
      "ratio of the rates",
      pairs.map((pair) => pair.ours.rate / pair.bare.rate),
    );
    line(
      "ratio of the CPU time (bare / ours)",
      pairs.map((pair) => pair.bare.cpuMs / pair.ours.cpuMs),
    );
    line(
      "CPU ms per delivery of deliver-webhook",
      pairs.map((pair) => pair.ours.cpuMs),
      3,
    );
    await pool.close();
  });
