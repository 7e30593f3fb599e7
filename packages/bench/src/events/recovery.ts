import { unwrap } from "@resolve/sdk";
import { latencies, printPairs, runs, sleep } from "./harness.ts";
import { arrived, cause, createWebhook, withReceivers } from "./latency.ts";

const recovered = 100_000;
const eventsPerRun = 40;
const eventsPerSecond = 5;

/** New events while a recovery of 100,000 events runs, beside the same while it is paused. */
export const eventsRecovery = (): Promise<void> =>
  withReceivers(async ({ newTenant, admin }, sink) => {
    const client = await newTenant();
    const { webhook } = await createWebhook(client, `${sink.url}/hook`);
    const [head] = await admin`select tenant_id as tenant, event_sequence::int as last from app.heads
      where tenant_id = (select tenant_id from app.webhooks limit 1)`;
    const { tenant, last } = head as { tenant: string; last: number } & typeof head;
    // Events of the past, as the log contains them; the webhook has no delivery of them.
    await admin`insert into app.events (tenant_id, id, sequence, type, version, actor, subject_type, subject_id, data)
      select ${tenant}, app.uuid7(), ${last} + n, 'collection.created', 1, 'system:bench', 'collection', 'col_' || n, '{"name": "old"}'
      from generate_series(1, ${recovered}) n`;
    await admin`update app.heads set event_sequence = event_sequence + ${recovered} where tenant_id = ${tenant}`;
    await admin`update app.webhooks set checked_sequence = ${last + recovered}`;
    await admin.unsafe("analyze app.events");
    const path = { webhookId: webhook.id };
    const body = { after: last, until: last + recovered, ratePerSecond: 1_000 };
    const { job } = await unwrap(client.POST("/api/v1/webhooks/{webhookId}/replay", { params: { path }, body }));
    const move = async (action: "pause" | "resume") => {
      await unwrap(client.POST(`/api/v1/jobs/{jobId}/${action}`, { params: { path: { jobId: job.id } } }));
      // What is under way ends.
      await sleep(3_000);
      await sink.read();
    };
    const measure = async (): Promise<number[]> => {
      await sink.read();
      const from = Date.now();
      await cause(client, eventsPerRun, eventsPerSecond);
      // Those of the recovery have an earlier time.
      return latencies(await arrived(sink, eventsPerRun, ({ occurredAt }) => occurredAt >= from));
    };
    const pairs: [number[], number[]][] = [];
    for (let run = 0; run < runs; run++) {
      await move("pause");
      const paused = await measure();
      await move("resume");
      pairs.push([paused, await measure()]);
    }
    printPairs(["new events, recovery paused", "new events during the recovery"], pairs);
    const [row] = await admin`select done::int from app.jobs where type = 'recover'`;
    console.log("events that the recovery has sent".padEnd(44), row!["done"], "of", recovered);
  });
