import { Event } from "@resolve/core/events";
import type { Ctx } from "@resolve/core/platform/context";
import type { Context } from "aws-lambda";
import { z } from "zod";
import { asSystem } from "../as-system.ts";
import { observedMessage, waitSince } from "../observed-message.ts";

const Published = z.object({ detail: Event });

/** A handler of a rule of the resolve bus. It works for the event's tenant as the system; `job` names it in the audit log. */
export const onEvent =
  (job: string, handle: (ctx: Ctx, event: Event) => Promise<unknown>) =>
  async (published: unknown, context: Pick<Context, "memoryLimitInMB">): Promise<void> => {
    const { detail } = Published.parse(published);
    const { tenantId, type, occurredAt } = detail;
    await observedMessage(
      { queue: job, type, ...waitSince(Date.parse(occurredAt)) },
      detail,
      (traceparent) => asSystem({ tenantId, job, traceparent }, (ctx) => handle(ctx, detail)),
      context,
    );
  };
