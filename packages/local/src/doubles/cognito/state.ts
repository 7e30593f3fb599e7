import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import type { Account, Session } from "./account.ts";

/** The state of the pool, and how it is loaded and saved. */

export type State = {
  accounts: Record<string, Account>;
  sessions: Record<string, Session>;
  /** The key of the tokens, and the key of what a challenge keeps between two requests. */
  signingKey: JWK;
  challengeKey: string;
};
/** Where the state stays when the process ends. */
export type Storage = { load(): State | undefined; save(state: State): void };

/** The stored state, or that of a new pool. `save` deletes expired sessions and stores a state that has changed. */
export const openState = async ({ storage, now }: { storage: Storage; now: () => number }) => {
  const state: State = storage.load() ?? {
    accounts: {},
    sessions: {},
    signingKey: await newSigningKey(),
    challengeKey: randomBytes(32).toString("base64"),
  };
  let saved = "";
  const save = (): void => {
    const at = now();
    for (const [id, { expiresAt }] of Object.entries(state.sessions)) if (expiresAt < at) delete state.sessions[id];
    const text = JSON.stringify(state);
    if (text !== saved) storage.save(state);
    saved = text;
  };
  save();
  return { state, save };
};

const newSigningKey = async (): Promise<JWK> => {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomBytes(32).toString("base64") };
};
