import { inviteMember } from "../../identity/index.ts";
import type { OnboardingStep } from "./step.ts";

/** Invites the administrator. A repetition finds the member that is there. */
export const inviteAdmin: OnboardingStep["work"] = async (ctx, { request }) => ({
  userId: await inviteMember(ctx, { ...request.admin, role: "tenant_admin" }),
});
