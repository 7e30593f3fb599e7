import type { Id, IdKind } from "./id.ts";

/** One page of a list, newest first: at most `limit` entries with ids below `cursor`. */
export type Page<K extends IdKind> = { limit: number; cursor?: Id<K> | undefined };
export type PageOf<T> = { data: T[]; nextCursor: string | null; hasMore: boolean };

/** `rows` has one more item than `limit` when there is a next page. The cursor is the last id of this page. */
export const pageOf = <T extends { id: string }>(rows: T[], limit: number): PageOf<T> => {
  // With more rows than the limit, which is at least 1, the page has a last row.
  const hasMore = rows.length > limit;
  const data = hasMore ? rows.slice(0, limit) : rows;
  return { data, nextCursor: hasMore ? data.at(-1)!.id : null, hasMore };
};

/** Counts of an overview stop at this number: a larger one would cost a scan, and says no more. */
export const countedMax = 10_000;
