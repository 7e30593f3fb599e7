import { toUuid } from "@resolve/core/platform/id";
import { handler } from "@resolve/functions/schedules/relay";
import type { Sql } from "postgres";
import { newTenant } from "../../../acceptance/src/faults/fixtures.ts";
import { percentile, spread } from "../statistics.ts";
import { runs, sleep, withDatabase } from "./harness.ts";

const burst = 10_000;
const tenantCount = 20;
const offeredPerSecond = 500;
const sustainedSeconds = 20;
const ticksPerSecond = 10;

/** The relay alone: a burst of events in the outbox, and a steady stream of them. */
export const eventsRelay = (): Promise<void> =>
  withDatabase(async ({ admin, sink }) => {
    const tenants: string[] = [];
    for (let n = 0; n < tenantCount; n++) tenants.push(toUuid((await newTenant()).tenantId));
    await admin`delete from app.outbox`;
    const rates: number[] = [];
    for (let run = 0; run < runs; run++) {
      await fill(admin, tenants, burst);
      await admin.unsafe("analyze app.outbox");
      const startedAt = performance.now();
      while ((await left(admin)) > 0) await handler({ pollSeconds: 1 });
      rates.push((burst * 1000) / (performance.now() - startedAt));
    }
    console.log(`burst of ${burst} events, events/s`.padEnd(44), spread(rates, 0));

    const backlogs: number[] = [];
    const before = (await sink.read()).taken;
    const relaying = handler({ pollSeconds: sustainedSeconds });
    const startedAt = performance.now();
    let offered = 0;
    while (performance.now() - startedAt < sustainedSeconds * 1000) {
      const due = ((performance.now() - startedAt) / 1000) * offeredPerSecond;
      await fill(admin, tenants, Math.round(due - offered));
      offered = Math.round(due);
      backlogs.push(await left(admin));
      await sleep(1000 / ticksPerSecond);
    }
    await relaying;
    const sent = (await sink.read()).taken - before;
    console.log(
      `${offeredPerSecond} events/s for ${sustainedSeconds} s`.padEnd(44),
      `${offered} offered, ${sent} sent; waiting p50 ${percentile(backlogs, 0.5)}, p95 ${percentile(backlogs, 0.95)}, at the end ${backlogs.at(-1)}`,
    );
  });

const left = async (admin: Sql): Promise<number> =>
  Number((await admin`select count(*) as n from app.outbox`)[0]!["n"]);

const fill = (admin: Sql, tenants: readonly string[], count: number) => admin`
  insert into app.outbox (id, tenant_id, topic, body)
  select app.uuid7(), tenant, 'events', jsonb_build_object('id', 'evt_' || n, 'type', 'document.ready', 'version', 1, 'tenantId', tenant,
    'sequence', n, 'occurredAt', '2026-11-30T12:00:00.000Z', 'actor', 'system:process-document', 'subject',
    jsonb_build_object('type', 'document', 'id', 'doc_' || n), 'data', jsonb_build_object('version', 1, 'chunks', 12), 'traceparent', null)
  from (select n, (${tenants as string[]}::uuid[])[1 + n % ${tenants.length}] as tenant from generate_series(1, ${count}) n) numbered`;
