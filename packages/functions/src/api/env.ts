import type { Permission, Scope } from "@resolve/core/identity";
import type { Ctx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";
import type { Context } from "hono";
import type { LambdaContext } from "hono/aws-lambda";

export type Caller = {
  homeTenantId: Id<"tenant">;
  /** The home context: idempotency keys belong to the credential's tenant. */
  home: Ctx;
  isPlatform: boolean;
  role: string;
  permissions: ReadonlyMap<Permission, Scope>;
  actorName: string;
};

/** What the Lambda adapter passes beside the request; nothing when a test calls the app itself. */
type Invocation =
  | { event?: { headers?: Record<string, string | undefined> }; lambdaContext?: LambdaContext }
  | undefined;

/** What the adapter and the middleware set for the routes. */
export type Env = { Bindings: Invocation; Variables: { requestId: string; caller: Caller; ctx: Ctx } };

/** A header as it was sent. The Lambda adapter drops empty ones, which must not pass for none. */
export const headerOf = (c: Context<Env>, name: "if-match" | "idempotency-key"): string | undefined =>
  c.req.header(name) ?? c.env?.event?.headers?.[name];
