import { InvitationMessage, sendInvitation } from "@resolve/core/identity";
import { consume } from "./consume.ts";

/** invitations: creates the invited person's account and mails the invitation. */
export const handler = consume(InvitationMessage, "send-invitation", (ctx, { invitationId, round, attempt }) =>
  sendInvitation(ctx, { id: invitationId, round, attempt }),
);
