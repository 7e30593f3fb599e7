import { z } from "zod";
import { defineEvent } from "../platform/events.ts";

export const CollectionCreated = defineEvent({
  type: "collection.created",
  version: 1,
  summary: "A collection was created.",
  subjectType: "collection",
  schema: z.object({ name: z.string() }),
  sample: { name: "Contracts" },
});
export const CollectionUpdated = defineEvent({
  type: "collection.updated",
  version: 1,
  summary: "Name or access list of the collection changed.",
  subjectType: "collection",
  schema: z.object({ name: z.string() }),
  sample: { name: "Contracts" },
});
export const CollectionDeleted = defineEvent({
  type: "collection.deleted",
  version: 1,
  summary: "The collection was deleted. All of its documents had been deleted before.",
  subjectType: "collection",
  schema: z.object({}),
  sample: {},
});
