import { randomBytes } from "node:crypto";
import { escapeHtml } from "@resolve/core/platform/html";
import { type MailTemplate, pool } from "@resolve/functions/sign-in";
import { type Account, hashOf, notAuthorized, Refused } from "./account.ts";
import { ownerOf } from "./passwords.ts";
import { newVerifier } from "./srp.ts";

/** The secrets that the pool mails: temporary passwords of invitations, and codes for a new password. */

/** The texts of the pool's mails, and the function that sends a mail. */
export type Mailing = {
  templates: Record<"invitation" | "code", MailTemplate>;
  sendMail(mail: { to: string; subject: string; html: string }): void;
};

const codeSeconds = 3_600;
/** Codes for a new password in an hour, and wrong codes for one. */
const codesMax = 5;

export type MailedSecrets = ReturnType<typeof mailedSecretsOf>;

export const mailedSecretsOf = ({ templates, sendMail, now }: Mailing & { now: () => number }) => {
  const mail = (account: Account, template: MailTemplate, secret: string): void =>
    sendMail({
      to: account.email,
      subject: template.emailSubject,
      html: template.emailMessage
        .replaceAll("{username}", escapeHtml(account.email))
        .replaceAll("{####}", escapeHtml(secret)),
    });
  const invite = (account: Account, password: string, isSilent: boolean): void => {
    const days = pool.passwordPolicy.temporaryPasswordValidityDays;
    Object.assign(account, newVerifier(ownerOf(account), password), { temporaryUntil: now() + days * 86_400_000 });
    if (!isSilent) mail(account, templates.invitation, password);
  };
  const sendCode = (account: Account): void => {
    const at = now();
    account.codesAskedAt = [...account.codesAskedAt.filter((time) => time > at - 3_600_000), at];
    if (account.codesAskedAt.length > codesMax)
      throw new Refused("LimitExceededException", "Attempt limit exceeded, please try after some time.");
    const code = String(Number.parseInt(randomBytes(6).toString("hex"), 16) % 1_000_000).padStart(6, "0");
    account.code = { hash: hashOf(code), expiresAt: at + codeSeconds * 1000, failures: 0 };
    mail(account, templates.code, code);
  };
  /** @throws Refused for a wrong code, which counts, and for one that has expired or that nobody asked for */
  const checkCode = ({ code }: Account, given: string): void => {
    if (!code) throw new Refused("ExpiredCodeException", "Invalid code provided, please request a code again.");
    if (code.failures >= codesMax)
      throw new Refused("LimitExceededException", "Attempt limit exceeded, please try after some time.");
    if (code.expiresAt < now())
      throw new Refused("ExpiredCodeException", "Invalid code provided, please request a code again.");
    if (hashOf(given) !== code.hash) {
      code.failures += 1;
      throw new Refused("CodeMismatchException", "Invalid verification code provided, please try again.");
    }
  };
  return { invite, sendCode, checkCode };
};

/** @throws Refused before the first own password: a new invitation helps then */
export const assertResettable = ({ status }: Account): void => {
  if (status === "FORCE_CHANGE_PASSWORD") throw notAuthorized("User password cannot be reset in the current state.");
};
