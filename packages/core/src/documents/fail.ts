import { type Ctx, recordAudit } from "../platform/context.ts";
import { publish } from "../platform/events.ts";
import type { Id } from "../platform/id.ts";
import { release } from "./dispatch.ts";
import { DocumentFailed } from "./document.events.ts";
import { type FailureCode, failures } from "./failures.ts";
import { move } from "./states.ts";

/** Ends a version with a reason that the tenant can read; false when it has ended already. Joins the caller's transaction. */
export async function markFailed(
  ctx: Ctx,
  id: Id<"document">,
  version: number,
  code: FailureCode,
  transition: "fail" | "cancel" = "fail",
): Promise<boolean> {
  const { message, hint, retryable } = failures[code];
  const failure = { code, message, hint, retryable };
  const row = await move(ctx, id, transition, "failed", { stage: null, failure, expected: { version } });
  if (!row) return false;
  await release(ctx, id, version);
  recordAudit(ctx, { action: `document.${transition}`, subject: id, detail: { version, code } });
  publish(ctx, DocumentFailed, id, { version, code, retryable });
  return true;
}
