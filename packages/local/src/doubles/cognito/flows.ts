import { pool } from "@resolve/functions/sign-in";
import { assertNotLocked, notAuthorized, Refused } from "./account.ts";
import { afterPassword } from "./after-password.ts";
import type { Parts } from "./parts.ts";
import { ownerOf } from "./passwords.ts";
import { isPassword, isPublicValue, newChallenge } from "./srp.ts";

/** The flows that begin a sign-in: with a password, with SRP or with a refresh token. */

type Flows = Record<string, (parameters: Record<string, string>) => unknown>;

export const flowsOf = (parts: Parts): Flows => {
  const {
    state,
    accounts: { findOrPretend },
    passwords: { checkPassword },
    challenges: { seal },
    sessions: { sessionOf, tokensOf },
    now,
  } = parts;
  const flows: Flows = {
    async USER_PASSWORD_AUTH({ USERNAME, PASSWORD = "" }) {
      assertFlow("USER_PASSWORD_AUTH");
      const account = findOrPretend(USERNAME);
      checkPassword(account, () => isPassword(ownerOf(account), PASSWORD, account));
      return afterPassword(parts, account);
    },
    async USER_SRP_AUTH({ USERNAME, SRP_A = "" }) {
      assertFlow("USER_SRP_AUTH");
      if (!isPublicValue(SRP_A)) throw new Refused("InvalidParameterException", "Invalid SRP_A");
      const account = findOrPretend(USERNAME);
      assertNotLocked(account, now());
      const { b, B } = newChallenge(account);
      const block = await seal({ name: "PASSWORD_VERIFIER", subject: account.subject, srp: { A: SRP_A, B, b } });
      return {
        ChallengeName: "PASSWORD_VERIFIER",
        ChallengeParameters: {
          SALT: account.salt,
          SECRET_BLOCK: Buffer.from(block).toString("base64"),
          SRP_B: B,
          USERNAME: account.subject,
          USER_ID_FOR_SRP: account.subject,
        },
      };
    },
    async REFRESH_TOKEN_AUTH({ REFRESH_TOKEN }) {
      assertFlow("REFRESH_TOKEN_AUTH");
      const session = sessionOf(REFRESH_TOKEN);
      const account = session && state.accounts[session.subject];
      if (!session || !account || session.expiresAt < now()) throw notAuthorized("Invalid Refresh Token");
      if (!account.isEnabled) throw notAuthorized("User is disabled.");
      return { ChallengeParameters: {}, AuthenticationResult: await tokensOf(account, session) };
    },
  };
  flows["REFRESH_TOKEN"] = flows["REFRESH_TOKEN_AUTH"]!;
  return flows;
};

const assertFlow = (flow: string): void => {
  const flows: readonly string[] = pool.client.explicitAuthFlows;
  if (!flows.includes(`ALLOW_${flow}`))
    throw new Refused("InvalidParameterException", `${flow} flow not enabled for this client`);
};
