import type { Permission, Scope } from "@resolve/core/identity";
import type { Ctx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";

export type Caller = {
  homeTenantId: Id<"tenant">;
  /** The home context: idempotency keys belong to the credential's tenant. */
  home: Ctx;
  isPlatform: boolean;
  role: string;
  permissions: ReadonlyMap<Permission, Scope>;
  actorName: string;
};

/** The variables that the middleware sets for the routes. */
export type Env = { Variables: { requestId: string; caller: Caller; ctx: Ctx } };
