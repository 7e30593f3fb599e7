import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { now as clock } from "@resolve/core/platform/clock";
import { Refused } from "./cognito/account.ts";
import { accountsOf } from "./cognito/accounts.ts";
import { adminActionsOf } from "./cognito/admin-actions.ts";
import { bearerActionsOf } from "./cognito/bearer-actions.ts";
import { challengesOf } from "./cognito/challenges.ts";
import { clientActionsOf } from "./cognito/client-actions.ts";
import { localPool } from "./cognito/issuer.ts";
import { type Mailing, mailedSecretsOf } from "./cognito/mailed-secrets.ts";
import type { Parts } from "./cognito/parts.ts";
import { passwordsOf } from "./cognito/passwords.ts";
import type { Actions, Request } from "./cognito/request.ts";
import { openSessions } from "./cognito/sessions.ts";
import { openState, type Storage } from "./cognito/state.ts";

export type { Storage } from "./cognito/state.ts";

const { id: poolId, clientId, region } = localPool;

type Options = Mailing & {
  /** The address of the pool; its keys are below it, since the issuer's address is one of AWS. */
  endpoint: string;
  /** The seed of the other key whose tokens the pool's verifiers accept (`accessToken`). */
  issuerSecret: string;
  storage: Storage;
  now?: () => number;
};

/**
 * Cognito's user pool over its JSON protocol: invitations, SRP and passwords, TOTP, refresh, reset and sign-out, with
 * Cognito's error names. It refuses what the pool's settings refuse.
 */
export const startCognito = async ({
  endpoint,
  issuerSecret,
  storage,
  templates,
  sendMail,
  now = () => clock().getTime(),
}: Options) => {
  const { state, save } = await openState({ storage, now });
  const accounts = accountsOf({ state, now });
  const sessions = await openSessions({ state, issuerSecret, now });
  const parts: Parts = {
    state,
    accounts,
    passwords: passwordsOf({ now }),
    mailedSecrets: mailedSecretsOf({ templates, sendMail, now }),
    challenges: challengesOf({ state, accounts, now }),
    sessions,
    now,
  };
  const publicActions: Actions = { ...clientActionsOf(parts), ...bearerActionsOf(parts) };
  const adminActions = adminActionsOf(parts);

  const perform = async (request: IncomingMessage): Promise<unknown> => {
    const action = String(request.headers["x-amz-target"]).replace("AWSCognitoIdentityProviderService.", "");
    // The body of an AWS client.
    const body = (JSON.parse((await buffer(request)).toString("utf8") || "{}") ?? {}) as Request;
    if (Object.hasOwn(publicActions, action)) return publicActions[action]!(body);
    if (!Object.hasOwn(adminActions, action)) throw new Refused("UnknownOperationException", `${action} is not known`);
    // Every call of an administrator is signed.
    if (!request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 "))
      throw new Refused("MissingAuthenticationTokenException", "Missing Authentication Token");
    if (body.UserPoolId !== poolId)
      throw new Refused("ResourceNotFoundException", `User pool ${body.UserPoolId} does not exist.`);
    return adminActions[action]!(body);
  };

  return {
    link: { id: poolId, clientId, region, endpoint },
    /** Answers a request; `path` is the part of the address after the endpoint. */
    async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
      const respond = (status: number, body: unknown, more: Record<string, string> = {}) =>
        response
          .writeHead(status, {
            "content-type": "application/x-amz-json-1.1",
            "x-amzn-requestid": randomUUID(),
            ...more,
          })
          .end(JSON.stringify(body));
      if (request.method === "GET" && path === `/${poolId}/.well-known/jwks.json`)
        return void respond(200, sessions.keys, {
          "content-type": "application/json",
          "cache-control": "public, max-age=86400",
        });
      if (request.method !== "POST" || (path !== "/" && path !== "")) return void respond(404, {});
      try {
        const answer = await perform(request);
        save();
        respond(200, answer);
      } catch (error) {
        // A wrong password counts.
        save();
        const isMalformed = error instanceof SyntaxError || error instanceof TypeError;
        const { code, message } =
          error instanceof Refused
            ? error
            : isMalformed
              ? { code: "SerializationException", message: "The request is malformed." }
              : { code: "InternalErrorException", message: String(error) };
        const headers = { "x-amzn-errortype": `${code}:` };
        respond(code === "InternalErrorException" ? 500 : 400, { __type: code, message }, headers);
      }
    },
  };
};
