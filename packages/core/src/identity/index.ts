export * from "./answering.ts";
export * from "./api-key.ts";
export * from "./idempotency.ts";
export { assertBelowLimit, Limits } from "./limits.ts";
export * from "./proof.ts";
export * from "./reading.ts";
export * from "./roles.ts";
export * from "./tenant.ts";
export * from "./tenant-limits.ts";
