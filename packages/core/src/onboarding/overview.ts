import { z } from "zod";
import { countDocuments, statuses } from "../documents/index.ts";
import { countPeople, getTenantById, readLimits, Tenant } from "../identity/index.ts";
import { countUnfinished } from "../jobs/index.ts";
import { type Ctx, inTenant, withTx } from "../platform/context.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { countWork } from "../platform/parked-work.ts";
import { Problem } from "../platform/problems.ts";
import { getUsage, Usage } from "../usage/index.ts";
import { countEndpoints } from "../webhooks/index.ts";
import { findRun, Run } from "./run.ts";

const moment = z.date().nullable().meta({ format: "date-time" });

/** A tenant as its operator sees it from outside: numbers, and nothing that its documents contain. */
export const TenantOverview = Tenant.extend({
  /** Each is counted up to 10,000. */
  counts: z.object({
    documents: z.record(z.enum(statuses), z.int()),
    members: z.int(),
    suspendedMembers: z.int(),
    /** Pending ones. */
    invitations: z.int(),
    /** Valid ones. */
    apiKeys: z.int(),
    enabledWebhooks: z.int(),
    disabledWebhooks: z.int(),
  }),
  /** Of the present month. */
  usage: Usage.omit({ hours: true }),
  storage: z.object({ usedBytes: z.int(), limitBytes: z.int() }),
  health: z.object({
    /** Documents that are queued or processed. */
    unfinishedDocuments: z.int(),
    /** Since when the oldest stored file or address waits for the end of its processing. */
    oldestUnfinishedAt: moment,
    unfinishedJobs: z.int(),
    unfinishedDeliveries: z.int(),
    /** Endpoints whose last five attempts have failed, at most ten. */
    failingWebhooks: z.array(z.object({ id: idSchema("webhook"), failures: z.int(), failingSince: moment })),
    /** Messages and events that are not sent yet. Those of a suspended tenant wait here. */
    unsentMessages: z.int(),
    /** Work that failed so often that only an operator has it tried again (`GET /v1/platform/parked-work`). */
    parkedWork: z.int(),
    /** The newest run; null when the tenant has none. */
    onboarding: Run.pick({ id: true, status: true, durationMs: true, createdAt: true })
      .extend({ failedStep: z.string().nullable() })
      .nullable(),
  }),
});
export type TenantOverview = z.output<typeof TenantOverview>;

/** For operators. The queries are bounded, however large the tenant is. @throws Problem `not-found` */
export async function getOverview(ctx: Ctx, id: Id<"tenant">): Promise<{ tenant: Tenant; overview: TenantOverview }> {
  const tenant = await getTenantById(ctx, id);
  const work = await countWork(ctx, id);
  const onboarding = await newestRun(ctx, id);
  return withTx(inTenant(ctx, id), async (ctx) => {
    const { documents, oldestUnfinishedAt, storedBytes } = await countDocuments(ctx);
    const { enabled, disabled, failing, unfinishedDeliveries } = await countEndpoints(ctx);
    const { storageBytes } = await readLimits(ctx);
    const overview = {
      ...tenant,
      counts: { documents, ...(await countPeople(ctx)), enabledWebhooks: enabled, disabledWebhooks: disabled },
      usage: await getUsage(ctx),
      storage: { usedBytes: storedBytes, limitBytes: storageBytes },
      health: {
        unfinishedDocuments: documents.queued + documents.processing,
        oldestUnfinishedAt,
        unfinishedJobs: await countUnfinished(ctx),
        unfinishedDeliveries,
        failingWebhooks: failing,
        unsentMessages: work.unsent,
        parkedWork: work.parked,
        onboarding,
      },
    };
    return { tenant, overview };
  });
}

const newestRun = async (ctx: Ctx, id: Id<"tenant">): Promise<TenantOverview["health"]["onboarding"]> => {
  const run = await findRun(ctx, id).catch((error) => {
    if (error instanceof Problem && error.code === "not-found") return undefined;
    throw error;
  });
  if (!run) return null;
  const { id: runId, status, durationMs, createdAt, steps } = run;
  const failedStep = steps.find((step) => step.status === "failed")?.name ?? null;
  return { id: runId, status, durationMs, createdAt, failedStep };
};
