import { fanOut } from "@resolve/core/webhooks";
import { onEvent } from "./on-event.ts";

/** Every event of the resolve bus: one delivery for each endpoint that subscribes to it. */
export const handler = onEvent("fan-out", fanOut);
