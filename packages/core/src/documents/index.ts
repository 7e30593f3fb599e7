export * from "./document.events.ts";
export * from "./document.ts";
export * from "./failures.ts";
export * from "./process.ts";
export * from "./sweep.ts";
