import { z } from "zod";
import { defineEvent } from "../platform/events.ts";

export const ApiKeyCreated = defineEvent({
  type: "apikey.created",
  version: 1,
  summary: "An API key was created.",
  subjectType: "apiKey",
  schema: z.object({ name: z.string(), role: z.string() }),
  sample: { name: "ci", role: "user" },
});
export const ApiKeyRevoked = defineEvent({
  type: "apikey.revoked",
  version: 1,
  summary: "An API key was revoked. Requests with it get the status 401.",
  subjectType: "apiKey",
  schema: z.object({}),
  sample: {},
});
export const ApiKeyUpdated = defineEvent({
  type: "apikey.updated",
  version: 1,
  summary: "The name, permissions or addresses of an API key were changed.",
  subjectType: "apiKey",
  schema: z.object({ name: z.string() }),
  sample: { name: "ci" },
});
export const ApiKeyRotated = defineEvent({
  type: "apikey.rotated",
  version: 1,
  summary: "An API key has a new secret. The former one is valid until `previousUntil`.",
  subjectType: "apiKey",
  schema: z.object({ previousUntil: z.string() }),
  sample: { previousUntil: "2026-12-02T09:00:00.000Z" },
});
