import { z } from "zod";
import { findApiKeys, issueApiKey, revokeApiKey } from "../../identity/index.ts";
import { type Ctx, withTx } from "../../platform/context.ts";
import { type Id, toId, toUuid } from "../../platform/id.ts";
import type { OnboardingStep, Secrets } from "./step.ts";

const firstKey = { name: "first key", role: "tenant_admin" } as const;

/** The first key has the UUID of its run, so that a repeated step finds it. */
const firstKeyId = (runId: Id<"onboarding">): Id<"apiKey"> => toId("apiKey", toUuid(runId));

/**
 * Creates the first API key, unless an earlier attempt did. Nothing but the response to the request that creates the tenant
 * shows its secret: `isSecretShown` becomes true when that response is ready. Otherwise `retry` replaces the key.
 */
export const issueFirstKey: OnboardingStep["work"] = (ctx, { runId, secrets }) =>
  withTx(ctx, async (ctx) => {
    const id = firstKeyId(runId);
    const isThere = (await findApiKeys(ctx, [id])).has(id);
    const issued = isThere ? undefined : await issueApiKey(ctx, firstKey, id);
    if (issued && secrets) secrets.apiKey = { id, secret: issued.secret };
    return { apiKeyId: id, isSecretShown: false };
  });

/** Whether the step has created a key whose secret no response has shown. */
export const isSecretLost = (result: unknown): boolean => Lost.safeParse(result).success;
const Lost = z.object({ isSecretShown: z.literal(false) });

/** Revokes the first key if there is one, and creates another. Joins the caller's transaction. */
export async function replaceFirstKey(ctx: Ctx, runId: Id<"onboarding">): Promise<NonNullable<Secrets["apiKey"]>> {
  const former = firstKeyId(runId);
  if ((await findApiKeys(ctx, [former])).has(former)) await revokeApiKey(ctx, former);
  const { apiKey, secret } = await issueApiKey(ctx, firstKey);
  return { id: apiKey.id, secret };
}
