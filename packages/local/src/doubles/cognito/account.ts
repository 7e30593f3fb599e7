import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import { pool } from "@resolve/functions/sign-in";
import { Secret, TOTP } from "otpauth";
import type { Verifier } from "./srp.ts";

/** An error of Cognito, by its name. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
export const notAuthorized = (message = "Incorrect username or password."): Refused =>
  new Refused("NotAuthorizedException", message);

export type Account = Verifier & {
  subject: string;
  email: string;
  attributes: Record<string, string>;
  isEnabled: boolean;
  status: "FORCE_CHANGE_PASSWORD" | "CONFIRMED" | "RESET_REQUIRED";
  /** Until when the temporary password is valid. */
  temporaryUntil: number;
  /** The secret of the authenticator app, and the last 30 seconds whose code was used. */
  totp?: { secret: string; usedPeriod: number };
  pendingSecret?: string;
  hasSecondFactor: boolean;
  failures: { count: number; lastAt: number; lockedUntil: number };
  /** The hash of the code for a new password, and when codes were asked for. */
  code?: { hash: string; expiresAt: number; failures: number };
  codesAskedAt: number[];
  createdAt: number;
  updatedAt: number;
};

/** A sign-in: its refresh token, and the family (`origin_jti`) of its tokens. */
export type Session = { id: string; subject: string; authTime: number; hash: string; expiresAt: number };

export const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

export const newAccount = (email: string, at: number): Omit<Account, keyof Verifier> => ({
  subject: randomUUID(),
  email,
  attributes: {},
  isEnabled: true,
  status: "FORCE_CHANGE_PASSWORD",
  temporaryUntil: at,
  hasSecondFactor: false,
  failures: { count: 0, lastAt: 0, lockedUntil: 0 },
  codesAskedAt: [],
  createdAt: at,
  updatedAt: at,
});

const { passwordPolicy } = pool;
const kinds: [isRequired: boolean, characters: string, name: string][] = [
  [passwordPolicy.requireUppercase, "ABCDEFGHJKLMNPQRSTUVWXYZ", "uppercase"],
  [passwordPolicy.requireLowercase, "abcdefghijkmnopqrstuvwxyz", "lowercase"],
  [passwordPolicy.requireNumbers, "23456789", "numeric"],
  // Cognito's symbols that nobody has to escape in a shell or in HTML.
  [passwordPolicy.requireSymbols, "-_.+=@^", "symbol"],
];
const patterns: Record<string, RegExp> = {
  uppercase: /[A-Z]/,
  lowercase: /[a-z]/,
  numeric: /[0-9]/,
  symbol: /[\^$*.[\]{}()?\-"!@#%&/\\,><':;|_~`+= ]/,
};

/** @throws Refused as Cognito words it */
export const assertPassword = (password: string): void => {
  const refuse = (what: string) => {
    throw new Refused("InvalidPasswordException", `Password did not conform with policy: ${what}`);
  };
  if (password.length < passwordPolicy.minimumLength) refuse("Password not long enough");
  if (password.length > 256) refuse("Password too long");
  if (password !== password.trim()) refuse("Password must not begin or end with a space");
  for (const [isRequired, , name] of kinds)
    if (isRequired && !patterns[name]!.test(password)) refuse(`Password must have ${name} characters`);
};

export const newTemporaryPassword = (): string => {
  const all = kinds.map(([, characters]) => characters);
  const picked = [...all, ...Array(passwordPolicy.minimumLength - all.length).fill(all.join(""))];
  const pick = (characters: string) => characters[randomInt(characters.length)]!;
  const order = picked.map((characters) => ({ character: pick(characters), at: randomInt(2 ** 32) }));
  return order
    .sort((a, b) => a.at - b.at)
    .map(({ character }) => character)
    .join("");
};

/** Five wrong passwords or codes lock the account for a second, and each further one for twice as long (Cognito: "lockout behavior"). */
const freeFailures = 5;
const lockedSecondsMax = 900;

/** @throws Refused while the account is locked; these attempts do not count. */
export const assertNotLocked = ({ failures }: Account, at: number): void => {
  if (at < failures.lockedUntil) throw notAuthorized("Password attempts exceeded");
};

export const countFailure = (account: Account, at: number): void => {
  const { failures } = account;
  const count = at - failures.lastAt > lockedSecondsMax * 1000 ? 1 : failures.count + 1;
  const lockedSeconds = count < freeFailures ? 0 : Math.min(2 ** (count - freeFailures), lockedSecondsMax);
  account.failures = { count, lastAt: at, lockedUntil: at + lockedSeconds * 1000 };
};

const appOf = (secret: string) => new TOTP({ issuer: "Resolve", secret: Secret.fromBase32(secret) });
export const newSecret = (): string => new Secret({ buffer: new Uint8Array(randomBytes(32)).buffer }).base32;

/** The 30 seconds to which a code belongs: now, the ones before or after. Null when it is wrong. */
export const periodOf = (secret: string, code: string, at: number): number | null => {
  if (!/^\d{6}$/.test(code)) return null;
  const app = appOf(secret);
  const delta = app.validate({ token: code, timestamp: at, window: 1 });
  return delta === null ? null : app.counter({ timestamp: at }) + delta;
};

/** Uses a code once. @throws Refused for a wrong code, and for one of a period whose code was used */
export const useCode = (account: Account, code: string, at: number): void => {
  const { totp } = account;
  const period = totp ? periodOf(totp.secret, code, at) : null;
  if (!totp || period === null) {
    countFailure(account, at);
    throw new Refused("CodeMismatchException", "Invalid code received for user");
  }
  if (period <= totp.usedPeriod)
    throw new Refused("ExpiredCodeException", "Your software token has already been used once.");
  totp.usedPeriod = period;
};
