export * from "./acceptance.ts";
export * from "./answering.ts";
export * from "./api-key.events.ts";
export * from "./api-key.ts";
export * from "./caller.ts";
export { count, countCost, countOutcome, hourOf, minuteKey, minuteOf, usageKey } from "./counters.ts";
export { countPeople } from "./counts.ts";
export { authenticate, type Credential, noteUse } from "./credential.ts";
export * from "./explain.ts";
export * from "./group.events.ts";
export * from "./group.ts";
export * from "./idempotency.ts";
export {
  createInvitation,
  getInvitation,
  Invitation,
  inviteFirst,
  listInvitations,
  NewInvitation,
  resendInvitation,
  withdrawInvitation,
} from "./invitation.ts";
export { InvitationMessage, sendInvitation, sweepInvitations } from "./invitation-mail.ts";
export { invitationToken } from "./invitation-token.ts";
export { allowanceOf, assertBelowLimit, readLimits } from "./limits.ts";
export * from "./me.ts";
export * from "./member.events.ts";
export {
  getUser,
  listUsers,
  memberName,
  memberStatuses,
  removeUser,
  roleNames,
  User,
  UserChanges,
  updateUser,
} from "./member.ts";
export * from "./plan.ts";
export * from "./proof.ts";
export * from "./rate-limit.ts";
export * from "./readers.ts";
export * from "./reading.ts";
export * from "./revoke.ts";
export * from "./roles.ts";
export * from "./second-factor.ts";
export * from "./standing.ts";
export * from "./suspension.ts";
export * from "./tenant.ts";
export * from "./tenant-limits.ts";
export * from "./token.ts";
