import { fromString, TypeID } from "typeid-js";
import { v7 } from "uuid";
import { z } from "zod";
import { now } from "./clock.ts";

/** The one table of id prefixes (TypeID: `doc_01j…`, a prefix and a UUIDv7 in base 32). */
export const idPrefixes = {
  tenant: "ten",
  user: "usr",
  membership: "mem",
  invitation: "inv",
  apiKey: "key",
  group: "grp",
  document: "doc",
  version: "ver",
  chunk: "chk",
  collection: "col",
  job: "job",
  integration: "int",
  sync: "syn",
  webhook: "whk",
  delivery: "dlv",
  attempt: "att",
  event: "evt",
  audit: "aud",
  onboarding: "onb",
  export: "exp",
  erasure: "era",
  request: "req",
} as const;

export type IdKind = keyof typeof idPrefixes;
/** A public id of one kind, e.g. `Id<"document">`. The database stores the UUID inside. */
export type Id<K extends IdKind> = `${(typeof idPrefixes)[K]}_${string}`;

export const newUuid = (): string => v7({ msecs: now().getTime() });

export const newId = <K extends IdKind>(kind: K): Id<K> => toId(kind, newUuid());

/** Converts a UUID to an id. An argument that is an id already does not compile. */
export const toId = <K extends IdKind, U extends string>(kind: K, uuid: U extends Id<IdKind> ? never : U): Id<K> =>
  // TypeID renders `<prefix>_<26 characters>`, which is what Id says.
  TypeID.fromUUID(idPrefixes[kind], uuid).toString() as unknown as Id<K>;

// `never`, because typeid-js requires one literal type of prefix, and the id may have any of them.
export const toUuid = (id: Id<IdKind>): string => TypeID.fromString(id as never).toUUID();

/** Undefined for a text that is not an id of this kind. The API then responds as for a missing object. */
export const parseId = <K extends IdKind>(kind: K, text: string): Id<K> | undefined => {
  try {
    const id = fromString(text, idPrefixes[kind]);
    // `never` as in `toUuid`; the cast of `text` is safe because it has been parsed.
    const uuid = TypeID.fromString(id as never).toUUID();
    return /^.{14}7.{4}[89ab]/.test(uuid) ? (text as Id<K>) : undefined;
  } catch {
    return undefined;
  }
};

export const idSchema = <K extends IdKind>(kind: K) =>
  z
    .custom<Id<K>>((value) => typeof value === "string" && parseId(kind, value) !== undefined, {
      message: `must be an id like ${idPrefixes[kind]}_01j…`,
    })
    .meta({ type: "string", pattern: `^${idPrefixes[kind]}_[0-7][0-9a-hjkmnp-tv-z]{25}$` });

/** An id or null. The schema above says in OpenAPI that it is a string, also within `nullable`. */
export const idOrNullSchema = <K extends IdKind>(kind: K) =>
  idSchema(kind)
    .nullable()
    .meta({ type: ["string", "null"] });
