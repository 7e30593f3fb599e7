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

/** A UUID as an id. Something that is an id already does not compile. */
export const toId = <K extends IdKind, U extends string>(kind: K, uuid: U extends Id<IdKind> ? never : U): Id<K> =>
  // TypeID renders `<prefix>_<26 characters>`, which is what Id says.
  TypeID.fromUUID(idPrefixes[kind], uuid).toString() as unknown as Id<K>;

// typeid-js wants the prefix as a type of its own; any of ours will do here.
export const toUuid = (id: Id<IdKind>): string => TypeID.fromString(id as never).toUUID();

/** Undefined for anything that is not an id of this kind: the caller answers as for a missing thing. */
export const parseId = <K extends IdKind>(kind: K, text: string): Id<K> | undefined => {
  try {
    const id = fromString(text, idPrefixes[kind]);
    // As in `toUuid`; `text` is returned as the id that it has just been read as.
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
