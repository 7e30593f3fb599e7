import { randomUUID } from "node:crypto";
import { type Account, newAccount, Refused } from "./account.ts";
import { withPassword } from "./passwords.ts";
import type { State } from "./state.ts";

/** Finds accounts by their username, which is an email address or a subject. */

export type Accounts = ReturnType<typeof accountsOf>;

export const accountsOf = ({ state, now }: { state: State; now: () => number }) => {
  /** Unknown people get the same answers as known ones, so an account for them has a password that nobody knows. */
  const nobody = new Map<string, Account>();

  const find = (username = ""): Account | undefined => {
    const name = username.toLowerCase();
    return state.accounts[name] ?? Object.values(state.accounts).find(({ email }) => email.toLowerCase() === name);
  };
  const known = (username: string | undefined): Account => {
    const account = find(username);
    if (!account) throw new Refused("UserNotFoundException", "User does not exist.");
    return account;
  };
  const pretendedOf = (username: string): Account | undefined =>
    nobody.get(username.toLowerCase()) ?? [...nobody.values()].find(({ subject }) => subject === username);
  const findOrPretend = (username = ""): Account => {
    const account = find(username) ?? pretendedOf(username);
    if (account) return account;
    if (nobody.size > 1_000) nobody.clear();
    const pretended = withPassword(newAccount(username, now()), randomUUID());
    nobody.set(username.toLowerCase(), pretended);
    return pretended;
  };
  return { find, known, pretendedOf, findOrPretend };
};
