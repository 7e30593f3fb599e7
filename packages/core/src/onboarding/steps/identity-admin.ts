import { inviteAdministrator } from "../../identity/index.ts";
import type { OnboardingStep } from "./step.ts";

/** Invites the administrator. A repetition finds the invitation that is there. */
export const inviteAdmin: OnboardingStep["work"] = async (ctx, { request }) => ({
  invitationId: await inviteAdministrator(ctx, request.admin),
});
