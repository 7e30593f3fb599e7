import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "@hono/zod-openapi";
import { failures, warnings } from "@resolve/core/documents";
import { problemTypes } from "@resolve/core/platform/problems";
import { resource } from "@resolve/core/platform/resources";
import { checkReadiness, Readiness } from "@resolve/core/platform/services/readiness";
import { newRouter, secured } from "./app.ts";
import { json } from "./responses.ts";

const health = secured({
  method: "get",
  path: "/health",
  operationId: "health",
  summary: "Is the process alive?",
  access: "public",
  responses: { 200: json("Alive", z.object({ status: z.literal("ok") })) },
});

const ready = secured({
  method: "get",
  path: "/ready",
  operationId: "ready",
  summary: "Can the API process requests? Without the cache the status is `degraded`",
  access: "public",
  responses: { 200: json("The API works", Readiness), 503: json("The API is unavailable", Readiness) },
});

const SignIn = z
  .object({
    userPoolId: z.string(),
    clientId: z.string(),
    region: z.string(),
    endpoint: z.url().meta({ description: "The address of Cognito's API (`InitiateAuth`)" }),
  })
  .meta({ id: "SignIn" });
const signIn = secured({
  method: "get",
  path: "/v1/sign-in",
  operationId: "signIn",
  summary: "Where people sign in: the pool of Cognito that issues their access tokens",
  access: "public",
  responses: { 200: json("The pool and its client", SignIn) },
});

/** Files of the reference page, by name; no other file of the package is served. */
const assets = { "swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript" } as const;
/** The directory of the package in the sources, of the bundle in a function. */
const assetDirectory = import.meta.url.endsWith(".ts")
  ? dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"))
  : fileURLToPath(new URL("./swagger-ui/", import.meta.url));

const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Resolve API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css"></head>
<body><div id="reference"></div><script src="/api/docs/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#reference", deepLinking: true, persistAuthorization: false })</script></body>
</html>`;

export const systemRouter = newRouter()
  .openapi(health, (c) => c.json({ status: "ok" as const }, 200))
  .openapi(ready, async (c) => {
    const state = await checkReadiness();
    return state.status === "unavailable" ? c.json(state, 503) : c.json(state, 200);
  })
  .openapi(signIn, (c) => {
    const { id: userPoolId, clientId, region, endpoint } = resource("UserPool");
    const ofAws = `https://cognito-idp.${region}.amazonaws.com`;
    return c.json({ userPoolId, clientId, region, endpoint: endpoint ?? ofAws }, 200);
  });

systemRouter.get("/docs", (c) => c.html(page));
/** A page for each code: of problems, of reasons why a document failed, and of warnings. */
const explanations: Record<
  string,
  Record<string, { title?: string; message?: string; status?: number; hint: string }>
> = {
  problems: problemTypes,
  failures,
  warnings,
};
systemRouter.get("/docs/:kind{problems|failures|warnings}/:code", (c) => {
  const { kind, code } = c.req.param();
  const codes = explanations[kind] ?? {};
  if (!Object.hasOwn(codes, code)) return c.notFound();
  const { title, message, status, hint } = codes[code]!;
  return c.html(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${code}</title></head><body><h1>${title ?? message}</h1><p>${status ? `HTTP ${status}, code` : "Code"} <code>${code}</code></p><p>${hint}</p></body></html>`,
  );
});
systemRouter.get("/docs/:asset", async (c) => {
  const name = c.req.param("asset");
  if (!Object.hasOwn(assets, name)) return c.notFound();
  const content = await readFile(join(assetDirectory, name), "utf8");
  return c.body(content, 200, {
    "content-type": assets[name as keyof typeof assets],
    "cache-control": "public, max-age=86400",
  });
});
