import {
  AdminCreateUserCommand,
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { TOTP } from "otpauth";

const [temporary, password] = ["Temporary-Horse-9", "Correct-Horse-9"];

/** The password in the mail that the pool sends to a new user, whose special characters the mail escapes. */
export const temporaryPasswordIn = (html: string): string => {
  const [, escaped = ""] = /Temporary password: ([^<]+)</.exec(html) ?? [];
  return escaped.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
};

/** Creates an account of the local pool, without a mail. Returns its subject. */
export const newAccount = async (
  link: { id: string; clientId: string; region: string; endpoint: string },
  email: string,
  hasSecondFactor: boolean,
): Promise<string> => {
  const { region, endpoint, id: UserPoolId, clientId: ClientId } = link;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new CognitoIdentityProviderClient({ region, endpoint, credentials });
  const { User } = await client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: email,
      TemporaryPassword: temporary,
      MessageAction: "SUPPRESS",
      UserAttributes: [
        { Name: "email", Value: email },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  const subject = User?.Attributes?.find(({ Name }) => Name === "sub")?.Value;
  if (!subject) throw new Error("the pool returned an account without a subject");
  if (!hasSecondFactor) return subject;
  const begun = await client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: email, PASSWORD: temporary },
    }),
  );
  const { AuthenticationResult } = await client.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session: begun.Session,
      ChallengeResponses: { USERNAME: email, NEW_PASSWORD: password },
    }),
  );
  const AccessToken = AuthenticationResult?.AccessToken;
  const { SecretCode = "" } = await client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
  const UserCode = new TOTP({ secret: SecretCode }).generate();
  await client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
  const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
  await client.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
  return subject;
};
