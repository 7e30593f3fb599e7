import { pool } from "@resolve/functions/sign-in";
import { assertNotLocked, assertPassword, notAuthorized, useCode } from "./account.ts";
import { afterPassword } from "./after-password.ts";
import type { Parts } from "./parts.ts";
import { ownerOf } from "./passwords.ts";
import type { Request } from "./request.ts";
import { isSignature } from "./srp.ts";

/** Handles the responses to the challenges of a sign-in, by the name of the challenge. */

type Responses = Record<string, (responses: Record<string, string>, request: Request) => unknown>;

export const responsesOf = (parts: Parts): Responses => {
  const {
    accounts: { findOrPretend, known },
    passwords: { checkPassword, setPassword },
    challenges: { open, close },
    sessions: { signIn },
    now,
  } = parts;
  return {
    async PASSWORD_VERIFIER({
      USERNAME,
      PASSWORD_CLAIM_SECRET_BLOCK = "",
      PASSWORD_CLAIM_SIGNATURE = "",
      TIMESTAMP = "",
    }) {
      const block = Buffer.from(PASSWORD_CLAIM_SECRET_BLOCK, "base64").toString();
      const opened = await open(block, "PASSWORD_VERIFIER", USERNAME);
      const account = findOrPretend(USERNAME);
      const proof = {
        ...ownerOf(account),
        ...opened.srp!,
        secretBlock: PASSWORD_CLAIM_SECRET_BLOCK,
        timestamp: TIMESTAMP,
      };
      close(opened);
      checkPassword(account, () => isTime(TIMESTAMP) && isSignature(PASSWORD_CLAIM_SIGNATURE, account, proof));
      return afterPassword(parts, account);
    },
    async NEW_PASSWORD_REQUIRED({ USERNAME, NEW_PASSWORD = "", ...others }, { Session }) {
      const opened = await open(Session, "NEW_PASSWORD_REQUIRED", USERNAME);
      const account = known(USERNAME);
      assertPassword(NEW_PASSWORD);
      const attributes = Object.entries(others).flatMap(([name, value]) =>
        name.startsWith("userAttributes.") ? [[name.slice("userAttributes.".length), value] as const] : [],
      );
      for (const [name] of attributes) assertWritable(name);
      Object.assign(account.attributes, Object.fromEntries(attributes));
      close(opened);
      setPassword(account, NEW_PASSWORD);
      return afterPassword(parts, account);
    },
    async SOFTWARE_TOKEN_MFA({ USERNAME, SOFTWARE_TOKEN_MFA_CODE = "" }, { Session }) {
      const opened = await open(Session, "SOFTWARE_TOKEN_MFA", USERNAME);
      const account = known(USERNAME);
      assertNotLocked(account, now());
      useCode(account, SOFTWARE_TOKEN_MFA_CODE, now());
      close(opened);
      if (!account.isEnabled) throw notAuthorized("User is disabled.");
      return signIn(account);
    },
  };
};

const assertWritable = (name: string): void => {
  if (name === "email") throw notAuthorized("Cannot modify an already provided email");
  const writable: readonly string[] = pool.client.writeAttributes;
  if (!writable.includes(name)) throw notAuthorized(`A client attempted to write unauthorized attribute: ${name}`);
};
/** As in `Tue Dec 1 02:10:43 UTC 2026`; Cognito refuses a day with a leading zero, and another day of the week. */
const isTime = (text: string): boolean =>
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [1-9]\d? \d\d:\d\d:\d\d UTC \d{4}$/.test(text) &&
  new Date(text).toUTCString().startsWith(text.slice(0, 3));
