import { randomBytes } from "node:crypto";
import { Webhook as Signer } from "standardwebhooks";
import { now } from "../platform/clock.ts";
import type { Ctx } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";
import { openForTenant, sealForTenant, wrappedKey } from "../platform/services/tenant-key.ts";
import type { SealedHeaders } from "./sealed-headers.ts";
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
  sealForTenant(ctx, JSON.stringify(headers), headersContext(id));

const headersContext = (id: Id<"webhook">): string => `webhook-headers:${id}`;

/**
 * The endpoint's own headers as its row has them; null when there are none. They are opened here too, because an endpoint
 * whose headers cannot be read is disabled, and the sender cannot do that.
 *
 * @throws Undecryptable
 */
export const sealedHeaders = async (ctx: Ctx, { id, headers }: Row): Promise<SealedHeaders | null> => {
  const context = headersContext(id);
  if ((await openForTenant(ctx, headers, context)) === "{}") return null;
  return { context, headers: headers.toString("base64"), key: (await wrappedKey(ctx)).toString("base64") };
};

/**
 * The headers of an attempt that Resolve sets. After a rotation of the secret two signatures are sent, of the new secret and of the previous one.
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
  return {
    "content-type": "application/json",
    "user-agent": "Resolve-Webhooks/1",
    "webhook-id": deliveryId,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": secrets.map((secret) => new Signer(secret).sign(deliveryId, at, body)).join(" "),
  };
};
