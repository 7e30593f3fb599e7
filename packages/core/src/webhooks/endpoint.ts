import { randomBytes } from "node:crypto";
import { Webhook as Signer } from "standardwebhooks";
import { now } from "../platform/clock.ts";
import type { Ctx } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";
import { openForTenant, sealForTenant } from "../platform/services/tenant-key.ts";
import type { webhookTable } from "./webhook.sql.ts";

type Row = Pick<
  typeof webhookTable.$inferSelect,
  "id" | "headers" | "secret" | "previousSecret" | "previousSecretUntil"
>;

/** A secret as Standard Webhooks writes it: `whsec_` and 32 random bytes in Base64. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

export const sealSecret = (ctx: Ctx, id: Id<"webhook">, secret: string): Promise<Buffer> =>
  sealForTenant(ctx, secret, `webhook-secret:${id}`);

export const sealHeaders = (ctx: Ctx, id: Id<"webhook">, headers: Record<string, string>): Promise<Buffer> =>
  sealForTenant(ctx, JSON.stringify(headers), `webhook-headers:${id}`);

/**
 * All headers of an attempt. After a rotation of the secret two signatures are sent, of the new secret and of the previous one.
 *
 * @throws Undecryptable
 */
export const signedHeaders = async (
  ctx: Ctx,
  webhook: Row,
  { deliveryId, at, body }: { deliveryId: Id<"delivery">; at: Date; body: string },
): Promise<Record<string, string>> => {
  const open = (sealed: Buffer) => openForTenant(ctx, sealed, `webhook-secret:${webhook.id}`);
  const secrets = [await open(webhook.secret)];
  if (webhook.previousSecret && webhook.previousSecretUntil && webhook.previousSecretUntil > now())
    secrets.push(await open(webhook.previousSecret));
  // `sealHeaders` alone writes this column.
  const own = JSON.parse(await openForTenant(ctx, webhook.headers, `webhook-headers:${webhook.id}`)) as Record<
    string,
    string
  >;
  return {
    ...own,
    "content-type": "application/json",
    "user-agent": "Resolve-Webhooks/1",
    "webhook-id": deliveryId,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": secrets.map((secret) => new Signer(secret).sign(deliveryId, at, body)).join(" "),
  };
};
