import { z } from "zod";
import { NewText, NewUrl } from "../documents/index.ts";
import { Answering, memberName, NewInvitation, plans, tenantName } from "../identity/index.ts";
import { Problem } from "../platform/problems.ts";
import { AnswerQuery } from "../search/index.ts";

const documentsMax = 50;
const membersMax = 50;

const seed = {
  seedQuestion: AnswerQuery.shape.question.optional().meta({
    description:
      "The first question, which the step `search.first_answer` asks. The run fails when `documents` do not answer it. Without one, the words of a sentence are asked, which only shows that the index works",
  }),
  seedAnswer: z.string().trim().min(1).max(300).optional().meta({
    description:
      "A text that the quotes of the first answer must contain, compared as text; upper and lower case, and kinds of white space, are equal",
  }),
};

/** Corrections of the first question and its expected answer, for a run that failed or waits there. */
export const RunRetry = z.strictObject({
  ...seed,
  seedAnswer: seed.seedAnswer
    .nullable()
    .meta({ description: `${seed.seedAnswer.meta()?.description}; null removes it` }),
});
export type RunRetry = z.output<typeof RunRetry>;

export const NewTenant = z.strictObject({
  name: tenantName,
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
  admin: z.strictObject({ email: z.email().max(254), name: memberName.optional() }),
  members: z
    .array(NewInvitation.extend({ role: NewInvitation.shape.role.exclude(["admin"]).default("user") }))
    .max(membersMax)
    .optional()
    .meta({ description: "Other people to invite; `POST /v1/invitations` invites more" }),
  webhook: z
    .strictObject({ url: z.string().max(2048), eventTypes: z.array(z.string()).min(1).max(100).optional() })
    .optional(),
  documents: z
    .array(z.union([NewText, NewUrl]))
    .min(1)
    .max(documentsMax)
    .optional()
    .meta({ description: "Texts, and addresses to fetch; files are uploaded to the new tenant afterwards" }),
  ...seed,
  /** From the first answer on; `PATCH /v1/tenant` changes it. */
  answering: Answering.optional(),
});
export type NewTenant = z.output<typeof NewTenant>;

/**
 * The part of the call that steps need. It is stored with the run, so that every step can be repeated in the background. It
 * holds no secret. `admin` and `members` are personal data and `documents` are the customer's: the run forgets its request when it is completed,
 * and \`retryDays\` after it failed.
 */
export type StoredRequest = Pick<
  NewTenant,
  "admin" | "members" | "webhook" | "documents" | "seedQuestion" | "seedAnswer"
>;

/** A failed run can be retried for so long. */
export const retryDays = 30;

/** @throws Problem `invalid-request` for an address that two people have */
export const assertDifferentPeople = ({ admin, members = [] }: Pick<NewTenant, "admin" | "members">): void => {
  const seen = new Map([[admin.email.toLowerCase(), "the administrator"]]);
  const errors = members.flatMap(({ email }, at) => {
    const other = seen.get(email);
    if (other) return { path: `/members/${at}/email`, message: `is the address of ${other}` };
    seen.set(email, `/members/${at}`);
    return [];
  });
  if (errors.length > 0) throw new Problem("invalid-request", undefined, { errors });
};

/** @throws Problem `invalid-request` for an expected answer without its question */
export const assertAsked = ({ seedQuestion, seedAnswer }: RunRetry): void => {
  if (seedAnswer == null || seedQuestion !== undefined) return;
  throw new Problem("invalid-request", undefined, {
    errors: [{ path: "/seedAnswer", message: "needs a `seedQuestion`, whose answer must contain it" }],
  });
};
