import type { Account } from "./account.ts";

/** An account in the form in which AdminGetUser returns it. */
export const shown = (account: Account) => ({
  Username: account.subject,
  UserCreateDate: account.createdAt / 1000,
  UserLastModifiedDate: account.updatedAt / 1000,
  Enabled: account.isEnabled,
  UserStatus: account.status,
  UserAttributes: [
    { Name: "sub", Value: account.subject },
    { Name: "email", Value: account.email },
    ...Object.entries(account.attributes).map(([Name, Value]) => ({ Name, Value })),
  ],
  ...(account.hasSecondFactor
    ? { UserMFASettingList: ["SOFTWARE_TOKEN_MFA"], PreferredMfaSetting: "SOFTWARE_TOKEN_MFA" }
    : {}),
});

/** An account in the form in which AdminCreateUser returns it. */
export const created = (account: Account) => {
  const {
    UserAttributes: Attributes,
    UserMFASettingList: _list,
    PreferredMfaSetting: _preferred,
    ...user
  } = shown(account);
  return { ...user, Attributes };
};
