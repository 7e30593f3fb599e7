import { createHash, timingSafeEqual } from "node:crypto";
import { Problem } from "@resolve/core/platform/problems";
import { optionalResource } from "@resolve/core/platform/resources";
import type { MiddlewareHandler } from "hono";

const digest = (value: string): Buffer => createHash("sha256").update(value).digest();

/**
 * Lets only CloudFront in where the stage has it, so that nobody walks around the firewall (E-2, F-4). `/api/health` says
 * nothing but that the process is alive, and is left to monitors.
 */
export const originVerify: MiddlewareHandler = async function originVerify(c, next) {
  const origin = optionalResource("OriginVerify");
  if (!origin || c.req.path === "/api/health") return next();
  const given = digest(c.req.header("x-origin-verify") ?? "");
  // Digests are of one length, and every accepted value is compared: the time tells nothing.
  const matches = origin.accepted.map((value) => timingSafeEqual(given, digest(value)));
  if (!matches.includes(true)) throw new Problem("edge-required");
  return next();
};
