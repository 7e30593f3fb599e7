import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** A person who has signed in at an API. The refresh token is a credential: the file is for its owner only. */
export type Session = {
  email: string;
  pool: { clientId: string; region: string; endpoint: string };
  refreshToken: string;
  accessToken: string;
  /** When the access token ends, in milliseconds. */
  expiresAt: number;
};

type Env = Record<string, string | undefined>;
const fileOf = (env: Env): string =>
  join(env["XDG_CONFIG_HOME"] || join(env["HOME"] || homedir(), ".config"), "resolve", "sessions.json");

const load = (env: Env): Record<string, Session> => {
  const file = fileOf(env);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
};

const keyOf = (apiUrl: string): string => apiUrl.replace(/\/$/, "");

export const findSession = (env: Env, apiUrl: string): Session | undefined => load(env)[keyOf(apiUrl)];

/** Keeps the session, or forgets it when it is undefined. */
export const keepSession = (env: Env, apiUrl: string, session: Session | undefined): void => {
  const file = fileOf(env);
  const sessions = load(env);
  if (session) sessions[keyOf(apiUrl)] = session;
  else delete sessions[keyOf(apiUrl)];
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Another command may read it at the same time, and a mode is set only when a file is made.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(sessions, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
};
