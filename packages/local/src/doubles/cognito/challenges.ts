import { randomUUID } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import { type Account, notAuthorized, Refused } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import type { State } from "./state.ts";

/** Challenges of a sign-in. The client gets the data of a challenge encrypted and returns them with its response. */

type Challenge = {
  name: string;
  subject: string;
  expiresAt: number;
  id: string;
  srp?: { A: string; B: string; b: string };
};

const challengeSeconds = 180;

export type Challenges = ReturnType<typeof challengesOf>;

export const challengesOf = ({
  state,
  accounts: { find, pretendedOf },
  now,
}: {
  state: State;
  accounts: Accounts;
  now: () => number;
}) => {
  const challengeKey = Buffer.from(state.challengeKey, "base64");
  const usedChallenges = new Set<string>();

  const seal = (contents: Omit<Challenge, "expiresAt" | "id">): Promise<string> => {
    const challenge: Challenge = { ...contents, expiresAt: now() + challengeSeconds * 1000, id: randomUUID() };
    return new CompactEncrypt(Buffer.from(JSON.stringify(challenge)))
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .encrypt(challengeKey);
  };
  const open = async (sealed: string | undefined, name: string, username: string | undefined): Promise<Challenge> => {
    const opened = await compactDecrypt(sealed ?? "", challengeKey).catch(() => undefined);
    const challenge: Challenge | undefined = opened && JSON.parse(Buffer.from(opened.plaintext).toString());
    if (!challenge || challenge.name !== name || usedChallenges.has(challenge.id))
      throw notAuthorized("Invalid session for the user.");
    if (challenge.expiresAt < now()) throw notAuthorized("Invalid session for the user, session is expired.");
    if (username === undefined) throw new Refused("InvalidParameterException", "Missing required parameter USERNAME");
    const account = find(username) ?? pretendedOf(username);
    if (account?.subject !== challenge.subject) throw notAuthorized("Invalid session for the user.");
    return challenge;
  };
  const close = ({ id }: Challenge): void => {
    if (usedChallenges.size > 10_000) usedChallenges.clear();
    usedChallenges.add(id);
  };
  const challenge = async (name: string, { subject }: Account, parameters: Record<string, string>) => ({
    ChallengeName: name,
    Session: await seal({ name, subject }),
    ChallengeParameters: { USER_ID_FOR_SRP: subject, ...parameters },
  });
  return { seal, open, close, challenge };
};
