import type { Ctx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";
import type { z } from "zod";
import { asSystem } from "../as-system.ts";
import { eachMessage } from "./each-message.ts";

type ForTenant = { tenantId: Id<"tenant"> };

/** A handler of a queue that works for each message's tenant as the system; `job` names it in the audit log. */
export const consume = <S extends z.ZodType<ForTenant>>(
  schema: S,
  job: string,
  handle: (ctx: Ctx, message: z.output<S>) => Promise<unknown>,
) =>
  eachMessage(schema, (message, traceparent) =>
    asSystem({ tenantId: message.tenantId, job, traceparent }, (ctx) => handle(ctx, message)),
  );
