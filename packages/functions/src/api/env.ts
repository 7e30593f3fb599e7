import type { Allowance, Identity, Permission, Person, Scope } from "@resolve/core/identity";
import type { Ctx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";
import type { Problem } from "@resolve/core/platform/problems";
import type { Context } from "hono";
import type { LambdaContext } from "hono/aws-lambda";

/** A credential in its tenant. */
export type Caller = {
  homeTenantId: Id<"tenant">;
  /** The home context: idempotency keys belong to the credential's tenant. */
  home: Ctx;
  isPlatform: boolean;
  /** Only routes with `worksWhileSuspended` respond then. */
  isSuspended: boolean;
  role: string;
  permissions: ReadonlyMap<Permission, Scope>;
  actorName: string;
  /** Undefined for an API key. */
  userId?: Id<"user">;
  /** Of the home tenant. */
  allowance: Allowance;
};

/** What the Lambda adapter passes beside the request; nothing when a test calls the app itself. */
type Invocation =
  | {
      event?: {
        headers?: Record<string, string | undefined>;
        requestContext?: { http?: { sourceIp?: string } };
        /** The route of API Gateway. */
        routeKey?: string;
      };
      lambdaContext?: LambdaContext;
    }
  | undefined;

type Variables = {
  requestId: string;
  /** What is counted goes to Redis before the response: Lambda may end this process before its next request. */
  sendsCounts?: boolean;
  /** Of this request in its trace; what it causes continues it. */
  traceparent: string;
  /** The problem that the response is. */
  problemCode?: string;
  caller: Caller;
  ctx: Ctx;
  /** Of a request with a person's token; undefined otherwise. */
  identity?: Identity;
  /** The user of this identity, if there is one. */
  person?: Person;
  /** Why the person can act in no tenant. Then there is no caller. */
  refusal?: Problem;
};

/** What the adapter and the middleware set for the routes. */
export type Env = { Bindings: Invocation; Variables: Variables };

/** A header as it was sent. The Lambda adapter drops empty ones, which must not pass for none, and escapes what is no ASCII. */
export const headerOf = (c: Context<Env>, name: "if-match" | "idempotency-key"): string | undefined =>
  c.env?.event?.headers?.[name] ?? c.req.header(name);
