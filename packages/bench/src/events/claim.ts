import { withTx } from "@resolve/core/platform/context";
import { toUuid } from "@resolve/core/platform/id";
import { createWebhook } from "@resolve/core/webhooks";
import { asWorker, newTenant } from "../../../acceptance/src/faults/fixtures.ts";
import { claim } from "../../../core/src/webhooks/dispatch.ts";
import { print, runs, withDatabase } from "./harness.ts";

const endpoints = 50;
const rows = 1_000_000;
const pending = 100_000;
const claims = 100;

/** The statement that takes the next attempts of a tenant with a million deliveries, of which a tenth waits. */
export const eventsClaim = (): Promise<void> =>
  withDatabase(async ({ admin }) => {
    const ctx = asWorker(await newTenant());
    const tenant = toUuid(ctx.tenantId);
    for (let n = 0; n < endpoints; n++) await createWebhook(ctx, { url: "http://127.0.0.1:9/" });
    await admin`insert into app.webhook_deliveries (tenant_id, id, event_id, webhook_id, event_type, sequence, status, next_attempt_at)
      select ${tenant}, app.uuid7(), app.uuid7(), (array(select id from app.webhooks where tenant_id = ${tenant}))[1 + n % ${endpoints}],
        'document.ready', n, case when n > ${rows - pending} then 'pending' else 'delivered' end,
        case when n > ${rows - pending} then now() end from generate_series(1, ${rows}) n`;
    await admin.unsafe("vacuum analyze app.webhook_deliveries");
    const all: number[][] = [];
    for (let run = 0; run < runs; run++) {
      const times: number[] = [];
      for (let n = 0; n < claims; n++)
        await withTx(ctx, async (ctx) => {
          const startedAt = performance.now();
          const { length } = await claim(ctx);
          times.push(performance.now() - startedAt);
          if (length === 0) throw new Error("nothing was claimed");
        }).then(
          () => admin`update app.webhook_deliveries set in_flight_until = null, status = 'delivered', next_attempt_at = null
            where tenant_id = ${tenant} and in_flight_until is not null`,
        );
      all.push(times);
    }
    print(`claim among ${rows} deliveries`, all);
  });
