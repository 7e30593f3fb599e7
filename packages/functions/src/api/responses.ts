import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { type Id, type IdKind, idPrefixes, parseId } from "@resolve/core/platform/id";
import { keysOf } from "@resolve/core/platform/keys";
import { Problem, type ProblemCode, problemTypes } from "@resolve/core/platform/problems";
import { isSubscribable } from "@resolve/core/webhooks";
import type { Context } from "hono";
import { eventCatalogue } from "../event-catalogue.ts";
import { type Env, headerOf } from "./env.ts";

export const json = <S extends z.ZodType>(description: string, schema: S) => ({
  description,
  content: { "application/json": { schema } },
});

/** The response has an `ETag` for `If-Match`. */
export const withETag = <R extends object>(response: R) => ({
  ...response,
  headers: { ETag: { description: "The state of the resource, for `If-Match`.", schema: { type: "string" as const } } },
});

/** A required JSON body. */
export const body = <S extends z.ZodType>(schema: S) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(keysOf(problemTypes)),
    detail: z.string(),
    hint: z.string(),
    instance: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    permission: z.string().optional().meta({ description: "Of `forbidden`: the permission that is missing" }),
  })
  .meta({ id: "Problem" });

/** A JSON body whose members all have defaults. */
export const optionalBody = <S extends z.ZodType>(schema: S) => ({
  body: { required: false, content: { "application/json": { schema } } },
});

/** The responses of these problems, by status. Every route may also respond 401, 403, 429 and 500. */
export const problems = (...codes: ProblemCode[]) => {
  const all: ProblemCode[] = ["unauthenticated", "forbidden", "rate-limited", "internal", ...codes];
  const byStatus = Map.groupBy(new Set(all), (code) => problemTypes[code].status);
  const entries = [...byStatus].map(([status, group]) => [
    status,
    {
      description: group.map((code) => `\`${code}\`: ${problemTypes[code].title}`).join("; "),
      content: { "application/problem+json": { schema: ProblemBody } },
    },
  ]);
  // Without keys in its type, so that zod-openapi does not require handlers to return problems: they throw them.
  return Object.fromEntries(entries) as Record<never, never>;
};

/** An id in a path. For an invalid id `requireId` responds 404, as for a missing object. */
export const pathId = <K extends IdKind>(kind: K) =>
  z.string().meta({
    description: `An id like \`${idPrefixes[kind]}_01j…\``,
    example: `${idPrefixes[kind]}_01j9x0000000000000000000000`,
  });

export const requireId = <K extends IdKind>(kind: K, text: string): Id<K> => {
  const id = parseId(kind, text);
  if (!id) throw new Problem("not-found");
  return id;
};

/** Event types that an endpoint may subscribe to; there is at least one. */
const subscribable = [...eventCatalogue.keys()].filter(isSubscribable) as [string, ...string[]];
export const eventTypes = z
  .array(z.enum(subscribable, { error: "is not an event type that webhooks receive; see `GET /v1/event-types`" }))
  .min(1)
  .max(100)
  .optional();

/** The largest value of an `integer` column. */
const intMax = 2_147_483_647;

/** A whole number of a query or path, within the column that it is compared with. */
export const intBetween = (minimum: number, maximum = intMax) =>
  z.preprocess(decimal, z.coerce.number().int().min(minimum).max(maximum));

/** `Number` reads more than digits: `0x10`, `1e1`, `Infinity` and an empty text are no numbers here. */
const decimal = (value: unknown): unknown => (typeof value === "string" && !/^\d+$/.test(value) ? Number.NaN : value);

export const pageLimit = intBetween(1, 100).default(25);

/** `?limit=1..100=25&cursor=` of lists that page by id. */
export const pageQuery = <K extends IdKind>(kind: K) =>
  z.strictObject({
    limit: pageLimit,
    cursor: z
      .string()
      .refine((text) => parseId(kind, text) !== undefined, "must be the nextCursor of a page before")
      .optional(),
  });

/** `pageQuery` has checked that the cursor is an id. */
export const pageOf = <K extends IdKind>(query: { limit: number; cursor?: string | undefined }) => ({
  limit: query.limit,
  cursor: query.cursor as Id<K> | undefined,
});

export const pageSchema = <S extends z.ZodType>(item: S) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable(), hasMore: z.boolean() });

export const etagOf = (value: unknown): string =>
  `"${createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32)}"`;

/**
 * `If-Match` names one of several states, or any (RFC 9110, section 13.1.1). A weak tag never matches.
 *
 * @throws Problem `precondition-failed` when the caller has read another state
 */
export const assertMatch = (c: Context<Env>, current: unknown): void => {
  const expected = headerOf(c, "if-match");
  if (expected === undefined || expected === "*") return;
  const tags = [...expected.matchAll(/(?:W\/)?"[^"]*"/g)].map(([tag]) => tag);
  if (!tags.includes(etagOf(current))) throw new Problem("precondition-failed");
};

/** Repeats `read` until `isSettled` or until the time is over; uses no connection in between. */
export async function waitFor<T>(
  seconds: number,
  read: () => Promise<T>,
  isSettled: (value: T) => boolean,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  let value = await read();
  for (
    let pauseMs = 100;
    !isSettled(value) && performance.now() + pauseMs < deadline;
    pauseMs = Math.min(pauseMs * 1.5, 250)
  ) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    value = await read();
  }
  return value;
}

export const waitQuery = z.strictObject({ waitSeconds: intBetween(0, 20).default(0) });
