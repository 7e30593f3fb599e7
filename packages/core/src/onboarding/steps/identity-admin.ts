import { inviteFirst } from "../../identity/index.ts";
import { withTx } from "../../platform/context.ts";
import type { OnboardingStep } from "./step.ts";

/** Invites the administrator and the other people. A repetition finds the invitations that are there. */
export const invitePeople: OnboardingStep["work"] = (ctx, { request: { admin, members = [] } }) =>
  withTx(ctx, async (ctx) => {
    const { email, name } = admin;
    const invitationId = await inviteFirst(ctx, { email: email.toLowerCase(), name, role: "tenant_admin" });
    for (const member of members) await inviteFirst(ctx, member);
    return { invitationId };
  });
