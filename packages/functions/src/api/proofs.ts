import { z } from "@hono/zod-openapi";
import * as identity from "@resolve/core/identity";
import { newRouter, secured } from "./app.ts";
import { body, json, problems } from "./responses.ts";

const keys = secured({
  method: "get",
  path: "/.well-known/jwks.json",
  operationId: "listProofKeys",
  summary: "Public keys that verify signed proofs, as a JWK set (RFC 7517)",
  access: "public",
  responses: { 200: json("The keys", z.object({ keys: z.array(identity.ProofKey.meta({ id: "ProofKey" })) })) },
});

const create = secured({
  method: "post",
  path: "/v1/platform/proofs",
  operationId: "createProof",
  summary: "Sign the SHA-256 hashes of files, so that anybody can verify which system signed them and when",
  access: { permission: "proof:create", scope: "platform" },
  request: body(identity.NewProof.meta({ id: "NewProof" })),
  responses: { 201: json("Signed", identity.Proof.meta({ id: "Proof" })), ...problems("invalid-request") },
});

const cacheSeconds = 300;

export const proofsRouter = newRouter()
  .openapi(keys, async (c) =>
    c.json({ keys: await identity.proofKeys() }, 200, { "cache-control": `public, max-age=${cacheSeconds}` }),
  )
  .openapi(create, async (c) => c.json(await identity.signProof(c.var.ctx, c.req.valid("json")), 201));
