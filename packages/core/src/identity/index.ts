export * from "./api-key.ts";
export * from "./idempotency.ts";
export * from "./proof.ts";
export * from "./roles.ts";
export * from "./tenant.ts";
