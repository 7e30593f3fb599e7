import { z } from "zod";
import { defineEvent } from "../platform/events.ts";

const members = z.array(z.string());
const sample = { members: ["usr_01j9x0000000000000000000000"] };

export const GroupCreated = defineEvent({
  type: "group.created",
  version: 1,
  summary: "A group of users and API keys was created.",
  subjectType: "group",
  schema: z.object({ name: z.string() }),
  sample: { name: "Legal" },
});
export const GroupUpdated = defineEvent({
  type: "group.updated",
  version: 1,
  summary: "The name of the group changed.",
  subjectType: "group",
  schema: z.object({ name: z.string() }),
  sample: { name: "Legal" },
});
export const GroupDeleted = defineEvent({
  type: "group.deleted",
  version: 1,
  summary: "The group was deleted. Access lists of collections no longer name it.",
  subjectType: "group",
  schema: z.object({}),
  sample: {},
});
export const GroupMembersAdded = defineEvent({
  type: "group.members_added",
  version: 1,
  summary: "Users or API keys were added to the group. `members` has their ids.",
  subjectType: "group",
  schema: z.object({ members }),
  sample,
});
export const GroupMembersRemoved = defineEvent({
  type: "group.members_removed",
  version: 1,
  summary: "Users or API keys were removed from the group. `members` has their ids.",
  subjectType: "group",
  schema: z.object({ members }),
  sample,
});
