export * from "./collect.ts";
export * from "./service.ts";
export * from "./threshold.ts";
export * from "./usage.events.ts";
export * from "./usage.ts";
