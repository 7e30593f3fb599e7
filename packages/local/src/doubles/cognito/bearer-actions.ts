import { assertPassword, newSecret, periodOf, Refused } from "./account.ts";
import type { Parts } from "./parts.ts";
import { ownerOf } from "./passwords.ts";
import type { Actions } from "./request.ts";
import { isPassword } from "./srp.ts";
import { shown } from "./user.ts";

/** Actions of people with an access token, on their own account. */
export const bearerActionsOf = ({
  passwords: { setPassword, checkPassword },
  sessions: { bearer, endSessions },
  now,
}: Parts): Actions => ({
  async AssociateSoftwareToken({ AccessToken }) {
    const { account } = await bearer(AccessToken);
    account.pendingSecret = newSecret();
    return { SecretCode: account.pendingSecret };
  },
  async VerifySoftwareToken({ AccessToken, UserCode = "" }) {
    const { account } = await bearer(AccessToken);
    const secret = account.pendingSecret;
    if (!secret) throw new Refused("InvalidParameterException", "No software token is being set up");
    const period = periodOf(secret, UserCode, now());
    if (period === null)
      throw new Refused("EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA");
    account.totp = { secret, usedPeriod: period };
    delete account.pendingSecret;
    return { Status: "SUCCESS" };
  },
  async SetUserMFAPreference({ AccessToken, SoftwareTokenMfaSettings: { Enabled = false } = {} }) {
    const { account } = await bearer(AccessToken);
    if (Enabled && !account.totp)
      throw new Refused("InvalidParameterException", "User has not verified software token mfa");
    account.hasSecondFactor = Enabled;
    return {};
  },
  async GetUser({ AccessToken }) {
    const { account } = await bearer(AccessToken);
    const {
      UserCreateDate: _created,
      UserLastModifiedDate: _modified,
      Enabled: _enabled,
      UserStatus: _status,
      ...user
    } = shown(account);
    return user;
  },
  async ChangePassword({ AccessToken, PreviousPassword = "", ProposedPassword = "" }) {
    const { account } = await bearer(AccessToken);
    assertPassword(ProposedPassword);
    checkPassword(account, () => isPassword(ownerOf(account), PreviousPassword, account));
    setPassword(account, ProposedPassword);
    return {};
  },
  async GlobalSignOut({ AccessToken }) {
    endSessions((await bearer(AccessToken)).account);
    return {};
  },
});
