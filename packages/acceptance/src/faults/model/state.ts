import type { Call } from "../../client.ts";
import type { Receiver } from "./receivers.ts";

/** An API key of the tenant. The first one is the administrator's. */
export type Key = {
  id: string;
  call: Call;
  role: "tenant_admin" | "user" | "readonly";
  scopes: readonly string[] | null;
  isRevoked: boolean;
};
/** `members`: ids of keys. */
export type Group = { id: string; members: Set<string> };
/** `readers`: roles, and ids of keys and groups; empty for everybody. */
export type Collection = { id: string; readers: string[] };
/** `words`: the word of each version. `owner`: the key that created it. */
export type Doc = {
  id: string;
  words: string[];
  collection: Collection | undefined;
  owner: Key;
  isDeleted: boolean;
};
export type Hook = { id: string; receiver: Receiver; types: readonly string[] | null; since: number };

/** What must be true of one tenant: who may see what, and what must have happened. */
export type Model = {
  keys: Key[];
  groups: Group[];
  collections: Collection[];
  documents: Doc[];
  webhooks: Hook[];
  /** Expected events, as `type subject`; `document.ready` and `document.stored` come later, in any order. */
  events: string[];
  /** Distinguishes texts and names. */
  count: number;
};

export const words = ["alder", "birch", "cedar", "hazel", "maple"] as const;

const grants = {
  tenant_admin: ["document:read", "document:write", "search:query", "collection:read", "collection:write"],
  user: ["document:read", "document:write", "search:query", "collection:read"],
  readonly: ["document:read", "search:query", "collection:read"],
} as const;
export type Permission = (typeof grants)["tenant_admin"][number];

export const may = ({ role, scopes }: Key, permission: Permission): boolean =>
  (grants[role] as readonly string[]).includes(permission) && (scopes === null || scopes.includes(permission));

/** An administrator that may change access lists is exempt from them; one that may not has no role in them. */
export const sees = ({ groups }: Pick<Model, "groups">, key: Key, collection: Collection | undefined): boolean => {
  if (!collection || collection.readers.length === 0) return true;
  if (key.role === "tenant_admin" && may(key, "collection:write")) return true;
  const own = groups.filter(({ members }) => members.has(key.id)).map(({ id }) => id);
  const names = [...(key.role === "tenant_admin" ? [] : [key.role]), key.id, ...own];
  return collection.readers.some((reader) => names.includes(reader));
};

export const mayChange = (key: Key, { owner }: Doc): boolean =>
  may(key, "document:write") && (key.role === "tenant_admin" || owner === key);

/** Ids of the documents with the word that the key must find: in their newest version, since all have been processed. */
export const foundBy = (model: Model, key: Key, word: string): string[] =>
  model.documents
    .filter(
      (document) => !document.isDeleted && document.words.at(-1) === word && sees(model, key, document.collection),
    )
    .map(({ id }) => id)
    .sort();

/** Ids that the key may find while documents are processed: an older version stays in search until then. */
export const possiblyFoundBy = (model: Model, key: Key, word: string): Set<string> =>
  new Set(
    model.documents
      .filter(
        (document) => !document.isDeleted && document.words.includes(word) && sees(model, key, document.collection),
      )
      .map(({ id }) => id),
  );
