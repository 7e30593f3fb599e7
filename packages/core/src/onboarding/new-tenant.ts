import { z } from "zod";
import { NewText, NewUrl } from "../documents/index.ts";
import { plans } from "../identity/index.ts";
import { SearchQuery } from "../search/index.ts";

const documentsMax = 50;

export const NewTenant = z.strictObject({
  name: z.string().trim().min(1).max(200),
  slug: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
    .optional(),
  externalId: z.string().min(1).max(256).optional(),
  plan: z.enum(plans).optional(),
  region: z
    .string()
    .regex(/^[a-z]{2}-[a-z]+-\d$/)
    .optional(),
  admin: z.strictObject({ email: z.email().max(254), name: z.string().trim().min(1).max(200).optional() }),
  webhook: z
    .strictObject({ url: z.string().max(2048), eventTypes: z.array(z.string()).min(1).max(100).optional() })
    .optional(),
  documents: z
    .array(z.union([NewText, NewUrl]))
    .min(1)
    .max(documentsMax)
    .optional(),
  /** The first question; without it, one that a document answers. The run fails when the documents do not answer it. */
  seedQuestion: SearchQuery.shape.query.optional(),
  /** A text that the quotes of the first answer must contain; upper and lower case are equal. */
  seedAnswer: z.string().trim().min(1).max(300).optional(),
});
export type NewTenant = z.output<typeof NewTenant>;

/**
 * The part of the call that steps need. It is stored with the run, so that every step can be repeated in the background. It
 * holds no secret. `admin` is personal data and `documents` are the customer's: the run forgets its request when it is completed,
 * and \`retryDays\` after it failed.
 */
export type StoredRequest = Pick<NewTenant, "admin" | "webhook" | "documents" | "seedQuestion" | "seedAnswer">;

/** A failed run can be retried for so long. */
export const retryDays = 30;
