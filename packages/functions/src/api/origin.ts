import { createHash, timingSafeEqual } from "node:crypto";
import { Problem } from "@resolve/core/platform/problems";
import { optionalResource } from "@resolve/core/platform/resources";
import type { MiddlewareHandler } from "hono";

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
  const matches = origin.accepted.map((value) => timingSafeEqual(given, digest(value)));
  if (!matches.includes(true)) throw new Problem("edge-required");
  return next();
};
