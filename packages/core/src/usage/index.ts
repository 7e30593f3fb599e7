export * from "./collect.ts";
export { CostQuery, listCosts, TenantCost } from "./ledger.ts";
export * from "./service.ts";
export * from "./threshold.ts";
export * from "./usage.events.ts";
export * from "./usage.ts";
