import { createHash, timingSafeEqual } from "node:crypto";
import { Problem } from "@resolve/core/platform/problems";
import { optionalResource } from "@resolve/core/platform/resources";
import { acceptedOrigins } from "@resolve/core/platform/services/linked-secrets";
import type { Context, MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";

const digest = (value: string): Buffer => createHash("sha256").update(value).digest();

/**
 * Accepts requests from CloudFront only, when the stage has CloudFront, so that nobody can bypass the firewall (E-2, F-4).
 * `/api/health` stays open for monitors, because it returns only that the process is alive.
 */
export const originVerify: MiddlewareHandler = async function originVerify(c, next) {
  const origin = optionalResource("OriginVerify");
  if (!origin || c.req.path === "/api/health") return next();
  const given = digest(c.req.header("x-origin-verify") ?? "");
  // Digests have the same length and every accepted value is compared, so the time reveals nothing.
  const matches = (await acceptedOrigins(origin)).map((value) => timingSafeEqual(given, digest(value)));
  if (!matches.includes(true)) throw new Problem("edge-required");
  return next();
};

/**
 * The client's address: where the connection comes from, or, behind CloudFront, what it has appended to `X-Forwarded-For`. The
 * client can write whatever comes before. Runs after `originVerify`, without which anybody could write all of the header.
 */
export const clientAddress = (c: Context<Env>): string | undefined => {
  const peer = c.env?.event?.requestContext?.http?.sourceIp;
  if (!optionalResource("OriginVerify")) return peer;
  const chain = (c.req.header("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
  // API Gateway appends the address of CloudFront's server.
  if (chain.at(-1) === peer) chain.pop();
  return chain.at(-1);
};
