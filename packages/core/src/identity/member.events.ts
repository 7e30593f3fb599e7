import { z } from "zod";
import { defineEvent } from "../platform/events.ts";

export const MemberInvited = defineEvent({
  type: "member.invited",
  version: 1,
  summary: "A person was invited to the tenant.",
  subjectType: "invitation",
  schema: z.object({ role: z.string() }),
  sample: { role: "tenant_admin" },
});
export const MemberJoined = defineEvent({
  type: "member.joined",
  version: 1,
  summary: "A person accepted an invitation and is a member of the tenant.",
  subjectType: "user",
  schema: z.object({ role: z.string(), invitationId: z.string() }),
  sample: { role: "user", invitationId: "inv_01j9x0000000000000000000000" },
});
export const MemberRoleChanged = defineEvent({
  type: "member.role_changed",
  version: 1,
  summary: "A member has another role.",
  subjectType: "user",
  schema: z.object({ role: z.string(), formerRole: z.string() }),
  sample: { role: "tenant_admin", formerRole: "user" },
});
export const MemberSuspended = defineEvent({
  type: "member.suspended",
  version: 1,
  summary: "A member was suspended, and may do nothing in the tenant until an administrator resumes the membership.",
  subjectType: "user",
  schema: z.object({}),
  sample: {},
});
export const MemberResumed = defineEvent({
  type: "member.resumed",
  version: 1,
  summary: "A suspended member is active again.",
  subjectType: "user",
  schema: z.object({}),
  sample: {},
});
export const MemberRemoved = defineEvent({
  type: "member.removed",
  version: 1,
  summary: "A member was removed from the tenant. The member's documents stay.",
  subjectType: "user",
  schema: z.object({ apiKeysRevoked: z.int() }),
  sample: { apiKeysRevoked: 1 },
});
