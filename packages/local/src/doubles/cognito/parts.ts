import type { Accounts } from "./accounts.ts";
import type { Challenges } from "./challenges.ts";
import type { MailedSecrets } from "./mailed-secrets.ts";
import type { Passwords } from "./passwords.ts";
import type { Sessions } from "./sessions.ts";
import type { State } from "./state.ts";

/** The state and the functions that the pool's actions share. `startCognito` creates them. */
export type Parts = {
  state: State;
  accounts: Accounts;
  passwords: Passwords;
  mailedSecrets: MailedSecrets;
  challenges: Challenges;
  sessions: Sessions;
  now: () => number;
};
