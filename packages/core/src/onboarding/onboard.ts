import { reserveTenant, type Tenant } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { type Id, newId } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { egressPolicy, resource } from "../platform/resources.ts";
import { assertAllowedUrl } from "../platform/services/egress-address.ts";
import { wideEvent } from "../platform/wide-event.ts";
import { perform } from "./engine.ts";
import { assertAsked, assertDifferentPeople, type NewTenant, type StoredRequest } from "./new-tenant.ts";
import { runTable, stepTable } from "./onboarding.sql.ts";
import { markSecretShown, queueRun } from "./resume.ts";
import { currentRun, getRun, type Run } from "./run.ts";
import { stepNames, steps } from "./steps/index.ts";
import type { Secrets } from "./steps/step.ts";

/**
 * Creates a tenant: reserves it, isolates its storage, records its administrator, creates its first key, its webhook and
 * its limits, all before this returns, so that the key works at once. The rest of the run continues in the background, and
 * so does all of it when this request ends early.
 *
 * @throws Problem `tenant-exists`, `url-not-allowed`, `invalid-request`
 */
export async function onboard(
  ctx: Ctx,
  input: NewTenant,
): Promise<{ tenant: Tenant; onboarding: Run; isNew: boolean } & Secrets> {
  assertAsked(input);
  assertDifferentPeople(input);
  if (input.webhook) assertAllowedUrl(input.webhook.url, egressPolicy());
  const region = servedRegion(input.region);
  const startedAt = now();
  const { admin, members, webhook, documents, seedQuestion, seedAnswer } = input;
  const request: StoredRequest = { admin, members, webhook, documents, seedQuestion, seedAnswer };
  const runId = newId("onboarding");
  const withNew = (ctx: Ctx) => createRun(ctx, runId, request, startedAt);
  const { ctx: inside, tenant, isNew } = await reserveTenant(ctx, { ...input, region }, input, withNew);
  if (!isNew) return { tenant, onboarding: await currentRun(inside), isNew };

  const secrets: Secrets = {};
  for (const name of stepNames.filter((name) => steps[name].isInRequest))
    await perform(inside, { runId, name, request, results: new Map(), secrets });
  const onboarding = await withTx(inside, async (ctx) => {
    if (secrets.apiKey && (wideEvent()?.isAbandoned || !(await markSecretShown(ctx, runId, secrets.apiKey.id))))
      delete secrets.apiKey;
    queueRun(ctx, runId);
    return getRun(ctx, runId);
  });
  return { tenant, ...secrets, onboarding, isNew };
}

/** Documents are stored in one region per deployment. @throws Problem `invalid-request` for another region */
const servedRegion = (region: string | undefined): string => {
  const served = resource("Documents").region;
  if (region === undefined || region === served) return served;
  throw new Problem("invalid-request", undefined, {
    errors: [{ path: "/region", message: `must be ${served}, the region of this deployment` }],
  });
};

/** The run with its steps. `tenant.reserve` is completed: this joins the transaction that creates the tenant. */
const createRun = (ctx: Ctx, runId: Id<"onboarding">, request: StoredRequest, startedAt: Date): Promise<void> =>
  withTx(ctx, async (ctx) => {
    await ctx.db.insert(runTable).values({ tenantId: ctx.tenantId, id: runId, status: "running", request });
    const reserved = { status: "completed", attempts: 1, startedAt, finishedAt: now() };
    const wanted = stepNames.filter((name) => steps[name].isWanted?.(request) ?? true);
    for (const [position, name] of wanted.entries()) {
      const { kind } = steps[name];
      await ctx.db.insert(stepTable).values({
        tenantId: ctx.tenantId,
        runId,
        position,
        name,
        kind: typeof kind === "function" ? kind(request) : kind,
        ...(name === "tenant.reserve" ? reserved : {}),
      });
    }
  });
