import type { Ctx } from "../platform/context.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { platformId } from "./platform-id.ts";
import { exceeding, expandRole, isRestricted, listedRole, type Role } from "./roles.ts";

/**
 * Nobody gives a role with permissions that the giver lacks, and no tenant gives the operator's role.
 *
 * @throws Problem `forbidden` with the permissions that the caller lacks, `invalid-request`
 */
export function assertMayGrant(ctx: Ctx, role: Role): void {
  const requested = expandRole(role);
  const beyond = exceeding(requested, ctx.permissions);
  const [first] = beyond;
  if (first)
    throw forbidden(first, `The role ${role} has permissions that the caller lacks: ${beyond.join(", ")}.`, {
      permissions: beyond,
    });
  if (isRestricted(ctx.role) && !isRestricted(listedRole(role, requested)))
    throw forbidden("collection:write", `Access lists may let the role ${role} see more than the caller.`);
  if (role === "admin" && ctx.tenantId !== platformId)
    throw new Problem("invalid-request", undefined, {
      errors: [{ path: "/role", message: "is the role of the platform's operators only" }],
    });
}
