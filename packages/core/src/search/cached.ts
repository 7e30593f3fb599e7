import { createHash } from "node:crypto";
import { actorName, type Ctx, glanceAt } from "../platform/context.ts";
import { optionalResource } from "../platform/resources.ts";
import { cache } from "../platform/services/cache.ts";
import { searchVersions, unchanged, versionSql } from "../platform/versions.ts";

/** `seen`: the version of what the search saw; undefined when it read more than once. */
export type Searched<T> = { result: T; seen: string | undefined };

/**
 * The result of a search, or the one of an equal search that saw the same documents: no write that changes what the caller finds was
 * committed since (`app.changes_version`). `query` is the whole query.
 */
export const cachedSearch = async <T>(
  ctx: Ctx,
  query: object,
  search: () => Promise<Searched<T>>,
  isKept: (result: T) => boolean,
): Promise<T> => {
  const ttlSeconds = optionalResource("SearchResults")?.keptSeconds;
  if (!ttlSeconds) return (await search()).result;
  let before: Version | undefined;
  let seen: string | undefined;
  const version = async () => {
    before = await versionFor(ctx);
    return before.own;
  };
  // The same version says the same of the caller.
  const versionLoaded = async () => {
    if (seen === undefined) return (await versionFor(ctx)).own;
    return seen === before?.shared ? before.own : undefined;
  };
  const load = async () => {
    const searched = await search();
    seen = searched.seen;
    return searched.result;
  };
  const options = { ttlSeconds, version, versionLoaded, load, isKept };
  // `load` never returns undefined.
  return (await cache.get(ctx, searchVersions, JSON.stringify(query), options))!;
};

type Version = { shared: string; own: string };

/** Callers share results while they may all see every document; then the version is the caller's own, with role, groups and key. */
const versionFor = async (ctx: Ctx): Promise<Version> => {
  const statement = `select ${versionSql(searchVersions)} as version, app.hides_collections() as hides`;
  const [row] = await glanceAt<{ version: string | null; hides: boolean }>(ctx, statement);
  const shared = row?.version ?? unchanged;
  if (row?.hides === false) return { shared, own: shared };
  const caller = JSON.stringify([actorName(ctx.actor), ctx.role, ctx.collections]);
  return { shared, own: `${shared}.${createHash("sha256").update(caller).digest("base64url")}` };
};
