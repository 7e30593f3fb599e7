export { Event, envelopeOf } from "../platform/envelope.ts";
export * from "./cursor.ts";
export * from "./event.ts";
export { InvalidPattern, matchesPattern } from "./pattern.ts";
