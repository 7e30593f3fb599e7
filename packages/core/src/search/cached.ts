import { createHash } from "node:crypto";
import { actorName, type Ctx, glanceAt } from "../platform/context.ts";
import { optionalResource } from "../platform/resources.ts";
import { cache } from "../platform/services/cache.ts";
import { unchanged, versionSql } from "../platform/versions.ts";

const namespace = "search";
/** What a search depends on and no version covers is the weights of words, which a job corrects (docs/search.md). */
const keptSeconds = 600;

/**
 * The result of a search, or the one of an equal search that saw the same documents: no write that changes what the caller finds was
 * committed since (`app.changes_version`). `query` is the whole query.
 */
export const cachedSearch = async <T>(
  ctx: Ctx,
  query: object,
  load: () => Promise<T>,
  isKept: (result: T) => boolean,
): Promise<T> => {
  const ttlSeconds = optionalResource("SearchResults")?.keptSeconds ?? keptSeconds;
  if (ttlSeconds === 0) return load();
  const version = () => versionFor(ctx);
  // `load` never returns undefined.
  return (await cache.get(ctx, namespace, JSON.stringify(query), { ttlSeconds, version, load, isKept }))!;
};

/** Callers share results while they may all see every document; then the version is the caller's own, with role, groups and key. */
const versionFor = async (ctx: Ctx): Promise<string> => {
  const statement = `select ${versionSql(namespace)} as version, app.hides_collections() as hides`;
  const [row] = await glanceAt<{ version: string | null; hides: boolean }>(ctx, statement);
  const version = row?.version ?? unchanged;
  if (row?.hides === false) return version;
  const caller = JSON.stringify([actorName(ctx.actor), ctx.role, ctx.collections]);
  return `${version}.${createHash("sha256").update(caller).digest("base64url")}`;
};
