import { Event } from "@resolve/core/events";
import { advanceTenant } from "@resolve/core/onboarding";
import { systemCtx } from "@resolve/core/platform/context";
import { z } from "zod";
import { relayWritten } from "../relay-written.ts";

const Published = z.object({ detail: Event });

/** A document settled or an endpoint answered: open runs of the tenant look again. */
export const handler = async (event: unknown): Promise<void> => {
  const { detail } = Published.parse(event);
  const ctx = systemCtx({
    tenantId: detail.tenantId,
    job: "advance-onboarding",
    traceparent: detail.traceparent ?? undefined,
  });
  await advanceTenant(ctx);
  await relayWritten(ctx);
};
