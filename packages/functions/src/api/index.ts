import { OpenAPIHono } from "@hono/zod-openapi";
import { Problem } from "@resolve/core/platform/problems";
import { onError, problemResponse } from "./app.ts";
import { auditRouter } from "./audit.ts";
import { authentication, requestId } from "./auth.ts";
import { authzRouter } from "./authz.ts";
import { collectionsRouter } from "./collections.ts";
import { deadLettersRouter } from "./dead-letters.ts";
import { documentContentsRouter } from "./document-contents.ts";
import { documentsRouter } from "./documents.ts";
import type { Env } from "./env.ts";
import { eventsRouter } from "./events.ts";
import { groupsRouter } from "./groups.ts";
import { identityRouter } from "./identity.ts";
import { invitationsRouter } from "./invitations.ts";
import { jobsRouter } from "./jobs.ts";
import { meRouter } from "./me.ts";
import { bodyGuard, deadline, relayAfter } from "./middleware.ts";
import { observe } from "./observe.ts";
import { onboardingRouter } from "./onboarding.ts";
import { completeOpenApi } from "./openapi.ts";
import { originVerify } from "./origin.ts";
import { parkedWorkRouter } from "./parked-work.ts";
import { partitionsRouter } from "./partitions.ts";
import { proofsRouter } from "./proofs.ts";
import { rateLimit, refusedBefore } from "./rate-limit.ts";
import { searchRouter } from "./search.ts";
import { serviceRouter } from "./service.ts";
import { systemRouter } from "./system.ts";
import { tenantsRouter } from "./tenants.ts";
import { usageRouter } from "./usage.ts";
import { usersRouter } from "./users.ts";
import { webhooksRouter } from "./webhooks.ts";

const routers = [
  systemRouter,
  onboardingRouter,
  tenantsRouter,
  identityRouter,
  meRouter,
  invitationsRouter,
  usersRouter,
  authzRouter,
  groupsRouter,
  collectionsRouter,
  documentsRouter,
  documentContentsRouter,
  searchRouter,
  jobsRouter,
  auditRouter,
  eventsRouter,
  webhooksRouter,
  parkedWorkRouter,
  deadLettersRouter,
  partitionsRouter,
  proofsRouter,
  usageRouter,
  serviceRouter,
];

export const app = new OpenAPIHono<Env>();

/** The methods of a path; none when no route has the path. */
const methodsOf = (path: string): string[] => {
  const routes = app.routes.filter((route) => route.method !== "ALL" && pathPattern(route.path).test(path));
  // `/documents/bulk` is a route of its own, not the document `bulk`.
  const own = routes.filter((route) => route.path === path);
  const methods = (own.length > 0 ? own : routes).map(({ method }) => method);
  return [...new Set(methods.includes("GET") ? [...methods, "HEAD"] : methods)].sort();
};
const pathPattern = (template: string) => new RegExp(`^${template.replaceAll(".", "\\.").replace(/:\w+/g, "[^/]+")}$`);

app.onError(onError);
app.notFound((c) => {
  const allow = methodsOf(c.req.path);
  // A route with this method may also respond 404, for a missing object.
  const isWrongMethod = allow.length > 0 && !allow.includes(c.req.method);
  const problem = isWrongMethod
    ? new Problem("method-not-allowed", `The methods of ${c.req.path} are ${allow.join(", ")}.`, { allow })
    : new Problem("not-found");
  return problemResponse(c, problem);
});
app.use(observe, requestId, deadline, originVerify, relayAfter, bodyGuard, refusedBefore, authentication, rateLimit);
for (const router of routers) app.route("/api", router);

app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
  type: "http",
  scheme: "bearer",
  description: "An API key, or the access token of a person who has signed in",
});

/** The OpenAPI 3.1 document, from the schemas that validate the requests. */
export const openApiDocument = () =>
  completeOpenApi(
    app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "Resolve",
        version: "1",
        description: "Onboard tenants, index their documents, search them with citations.",
      },
      servers: [{ url: "/" }],
    }),
  );

app.get("/api/openapi.json", (c) => c.json(openApiDocument()));
