import { assertPassword, Refused } from "./account.ts";
import { flowsOf } from "./flows.ts";
import { assertResettable } from "./mailed-secrets.ts";
import type { Parts } from "./parts.ts";
import { type Actions, assertClient } from "./request.ts";
import { responsesOf } from "./responses.ts";

/** Actions of people without an access token: they sign in, end a session by its refresh token, and reset a password. */
export const clientActionsOf = (parts: Parts): Actions => {
  const {
    state,
    accounts: { find },
    passwords: { setPassword },
    mailedSecrets: { sendCode, checkCode },
    sessions: { sessionOf },
  } = parts;
  const flows = flowsOf(parts);
  const responses = responsesOf(parts);
  return {
    InitiateAuth(request) {
      assertClient(request);
      const flow = flows[request.AuthFlow ?? ""];
      if (!flow) throw new Refused("InvalidParameterException", `${request.AuthFlow} flow not enabled for this client`);
      return flow(request.AuthParameters ?? {});
    },
    RespondToAuthChallenge(request) {
      assertClient(request);
      const respond = responses[request.ChallengeName ?? ""];
      if (!respond) throw new Refused("InvalidParameterException", `Unsupported challenge ${request.ChallengeName}`);
      return respond(request.ChallengeResponses ?? {}, request);
    },
    RevokeToken(request) {
      assertClient(request);
      const session = sessionOf(request.Token);
      if (session) delete state.sessions[session.id];
      return {};
    },
    ForgotPassword(request) {
      assertClient(request);
      const account = find(request.Username);
      if (!account?.isEnabled) return delivery({ email: request.Username ?? "" });
      assertResettable(account);
      sendCode(account);
      return delivery(account);
    },
    ConfirmForgotPassword(request) {
      assertClient(request);
      const { Username, ConfirmationCode = "", Password = "" } = request;
      assertPassword(Password);
      const account = find(Username);
      if (!account) throw new Refused("CodeMismatchException", "Invalid verification code provided, please try again.");
      checkCode(account, ConfirmationCode);
      setPassword(account, Password);
      return {};
    },
  };
};

const delivery = ({ email }: { email: string }) => ({
  CodeDeliveryDetails: {
    Destination: email.replace(/^(.)[^@]*@(.).*$/, "$1***@$2***"),
    DeliveryMedium: "EMAIL",
    AttributeName: "email",
  },
});
