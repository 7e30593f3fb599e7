export { Event, envelopeOf } from "../platform/envelope.ts";
export * from "./event.ts";
