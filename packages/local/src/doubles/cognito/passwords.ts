import { type Account, assertNotLocked, countFailure, notAuthorized } from "./account.ts";
import { localPool } from "./issuer.ts";
import { newVerifier, type Verifier } from "./srp.ts";

/** Sets and checks the passwords of accounts. Wrong passwords lock an account. */

const [, poolName = ""] = localPool.id.split("_");

export const ownerOf = ({ subject }: { subject: string }) => ({ poolName, user: subject });

export const withPassword = (account: Omit<Account, keyof Verifier>, password: string): Account => ({
  ...account,
  ...newVerifier(ownerOf(account), password),
});

export type Passwords = ReturnType<typeof passwordsOf>;

export const passwordsOf = ({ now }: { now: () => number }) => {
  const setPassword = (account: Account, password: string): void => {
    Object.assign(account, newVerifier(ownerOf(account), password), { status: "CONFIRMED", updatedAt: now() });
    account.failures = { count: 0, lastAt: 0, lockedUntil: 0 };
    delete account.code;
  };
  const wrongPassword = (account: Account): never => {
    countFailure(account, now());
    throw notAuthorized();
  };
  const checkPassword = (account: Account, isRight: () => boolean): void => {
    assertNotLocked(account, now());
    if (!isRight()) wrongPassword(account);
  };
  return { setPassword, checkPassword };
};
