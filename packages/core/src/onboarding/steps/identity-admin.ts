import { inviteMember } from "../../identity/index.ts";
import { creationOf, type OnboardingStep } from "./step.ts";

/** Invites the administrator. The address is not stored with the run, so only the request can do it. */
export const inviteAdmin: OnboardingStep["work"] = async (ctx, attempt) => {
  const { admin } = creationOf(attempt).input;
  return { userId: await inviteMember(ctx, { ...admin, role: "tenant_admin" }) };
};
