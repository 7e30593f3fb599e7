import { Event } from "@resolve/core/events";
import { systemCtx } from "@resolve/core/platform/context";
import { fanOut } from "@resolve/core/webhooks";
import { z } from "zod";
import { relayWritten } from "../relay-written.ts";

const Published = z.object({ detail: Event });

/** Every event of the resolve bus: a delivery for each endpoint that wants it. */
export const handler = async (event: unknown): Promise<void> => {
  const { detail } = Published.parse(event);
  const ctx = systemCtx({ tenantId: detail.tenantId, job: "fan-out", traceparent: detail.traceparent ?? undefined });
  await fanOut(ctx, detail);
  await relayWritten(ctx);
};
