import { type Account, notAuthorized, Refused } from "./account.ts";
import type { Parts } from "./parts.ts";

/** The pool's answer to a right password: a challenge, or tokens. */
export const afterPassword = async (
  { challenges: { challenge }, sessions: { signIn }, now }: Parts,
  account: Account,
) => {
  if (!account.isEnabled) throw notAuthorized("User is disabled.");
  if (account.status === "RESET_REQUIRED")
    throw new Refused("PasswordResetRequiredException", "Password reset required for the user");
  if (account.status === "FORCE_CHANGE_PASSWORD") {
    if (account.temporaryUntil < now())
      throw notAuthorized("Temporary password has expired and must be reset by an administrator.");
    return challenge("NEW_PASSWORD_REQUIRED", account, {
      requiredAttributes: "[]",
      userAttributes: JSON.stringify({ ...account.attributes, email: account.email }),
    });
  }
  return account.hasSecondFactor ? challenge("SOFTWARE_TOKEN_MFA", account, {}) : signIn(account);
};
