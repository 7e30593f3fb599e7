import { Refused } from "./account.ts";
import { localPool } from "./issuer.ts";

/** The form of requests, and of the functions that answer them. */

type Attributes = { Name: string; Value?: string }[];
/** The members of requests that the double reads. */
export type Request = Partial<
  Record<
    | "UserPoolId"
    | "ClientId"
    | "Username"
    | "MessageAction"
    | "TemporaryPassword"
    | "AuthFlow"
    | "ChallengeName"
    | "Session"
    | "AccessToken"
    | "UserCode"
    | "Token"
    | "ConfirmationCode"
    | "Password"
    | "PreviousPassword"
    | "ProposedPassword",
    string
  >
> & {
  UserAttributes?: Attributes;
  AuthParameters?: Record<string, string>;
  ChallengeResponses?: Record<string, string>;
  SoftwareTokenMfaSettings?: { Enabled?: boolean };
};

/** Actions by name. */
export type Actions = Record<string, (request: Request) => unknown>;

export const assertClient = ({ ClientId }: Request): void => {
  if (ClientId !== localPool.clientId)
    throw new Refused("ResourceNotFoundException", `User pool client ${ClientId} does not exist.`);
};
