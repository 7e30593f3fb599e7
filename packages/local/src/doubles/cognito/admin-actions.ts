import { assertPassword, newAccount, newTemporaryPassword, Refused } from "./account.ts";
import { assertResettable } from "./mailed-secrets.ts";
import type { Parts } from "./parts.ts";
import { withPassword } from "./passwords.ts";
import type { Actions } from "./request.ts";
import { created, shown } from "./user.ts";

/** Actions of administrators: they invite people and manage accounts. */
export const adminActionsOf = ({
  state,
  accounts: { find, known },
  mailedSecrets: { invite, sendCode },
  sessions: { endSessions },
  now,
}: Parts): Actions => ({
  AdminCreateUser({ Username = "", MessageAction, TemporaryPassword, UserAttributes = [] }) {
    const found = find(Username);
    const password = TemporaryPassword ?? newTemporaryPassword();
    assertPassword(password);
    if (MessageAction === "RESEND") {
      const account = known(Username);
      if (account.status !== "FORCE_CHANGE_PASSWORD")
        throw new Refused(
          "UnsupportedUserStateException",
          `Resend not possible. ${account.subject} status is not FORCE_CHANGE_PASSWORD`,
        );
      invite(account, password, false);
      return { User: created(account) };
    }
    if (!isAddress(Username)) throw new Refused("InvalidParameterException", "Username should be an email.");
    if (found) throw new Refused("UsernameExistsException", "User account already exists");
    const account = withPassword(newAccount(Username, now()), password);
    for (const { Name, Value = "" } of UserAttributes) {
      if (!attributeNames.has(Name))
        throw new Refused("InvalidParameterException", `user.${Name}: Attribute does not exist in the schema.`);
      if (Name !== "email") account.attributes[Name] = Value;
      else if (Value.toLowerCase() !== Username.toLowerCase())
        throw new Refused("InvalidParameterException", "Username and email attribute differ");
    }
    state.accounts[account.subject] = account;
    invite(account, password, MessageAction === "SUPPRESS");
    return { User: created(account) };
  },
  AdminGetUser: ({ Username }) => shown(known(Username)),
  AdminDisableUser({ Username }) {
    const account = known(Username);
    Object.assign(account, { isEnabled: false, updatedAt: now() });
    endSessions(account);
    return {};
  },
  AdminEnableUser({ Username }) {
    Object.assign(known(Username), { isEnabled: true, updatedAt: now() });
    return {};
  },
  AdminUserGlobalSignOut({ Username }) {
    endSessions(known(Username));
    return {};
  },
  AdminResetUserPassword({ Username }) {
    const account = known(Username);
    assertResettable(account);
    sendCode(account);
    Object.assign(account, { status: "RESET_REQUIRED", updatedAt: now() });
    return {};
  },
  AdminDeleteUser({ Username }) {
    const account = known(Username);
    endSessions(account);
    delete state.accounts[account.subject];
    return {};
  },
});

const attributeNames = new Set(["email", "email_verified", "name", "custom:tenant_id", "custom:role"]);
const isAddress = (text: string): boolean => /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(text) && text.length <= 128;
