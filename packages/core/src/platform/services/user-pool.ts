import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { type Resource, resource } from "../resources.ts";

/**
 * The accounts of people in Cognito; `subject` is the `sub` of their tokens. Every call may be repeated: the second one
 * changes nothing. None belongs into a transaction of the database, which would wait for Cognito.
 */
export const userPool = () => {
  const link = resource("UserPool");
  const UserPoolId = link.id;
  const send = clientOf(link);
  const subjectOf = async (Username: string): Promise<string> => {
    const { UserAttributes = [] } = await send(new AdminGetUserCommand({ UserPoolId, Username }));
    return subjectIn(UserAttributes);
  };
  return {
    /** Creates the account and sends the invitation. The subject of the existing account, and no mail, when there is one. */
    async createUser({ email }: { email: string }): Promise<string> {
      const UserAttributes = [
        { Name: "email", Value: email },
        // Only a verified address recovers an account; the temporary password goes to no other one.
        { Name: "email_verified", Value: "true" },
      ];
      const command = new AdminCreateUserCommand({
        UserPoolId,
        Username: email,
        UserAttributes,
        DesiredDeliveryMediums: ["EMAIL"],
      });
      try {
        const { User = {} } = await send(command);
        return subjectIn(User.Attributes);
      } catch (error) {
        if (nameOf(error) !== "UsernameExistsException") throw error;
        return subjectOf(email);
      }
    },
    /** The verified address of the account with this subject or address; undefined when there is none, or no account. */
    async verifiedEmailOf(Username: string): Promise<string | undefined> {
      const command = new AdminGetUserCommand({ UserPoolId, Username });
      const account = await send(command).catch((error) => {
        if (nameOf(error) !== "UserNotFoundException") throw error;
      });
      const attribute = (name: string) => account?.UserAttributes?.find(({ Name }) => Name === name)?.Value;
      return attribute("email_verified") === "true" ? attribute("email")?.toLowerCase() : undefined;
    },
    /** Sends a new temporary password, valid for seven days. False when the person has a password already. */
    async resendInvitation(email: string): Promise<boolean> {
      const command = { UserPoolId, Username: email, MessageAction: "RESEND" } as const;
      try {
        await send(new AdminCreateUserCommand({ ...command, DesiredDeliveryMediums: ["EMAIL"] }));
        return true;
      } catch (error) {
        if (nameOf(error) !== "UnsupportedUserStateException") throw error;
        return false;
      }
    },
    /** The person can no longer sign in or refresh; access tokens stay valid until they expire (identity's sessions end them). */
    disableUser: (subject: string) => unlessGone(send(new AdminDisableUserCommand({ UserPoolId, Username: subject }))),
    enableUser: async (subject: string): Promise<void> => {
      await send(new AdminEnableUserCommand({ UserPoolId, Username: subject }));
    },
    /** Makes the password invalid and sends a code for a new one. @throws NotAuthorizedException before the first password */
    resetPassword: async (subject: string): Promise<void> => {
      await send(new AdminResetUserPasswordCommand({ UserPoolId, Username: subject }));
    },
    /** Revokes all refresh tokens. */
    signOut: (subject: string) =>
      unlessGone(send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: subject }))),
    /** The second factors that the person has set up, such as `SOFTWARE_TOKEN_MFA`. */
    factorsOf: async (subject: string): Promise<readonly string[]> => {
      const { UserMFASettingList = [] } = await send(new AdminGetUserCommand({ UserPoolId, Username: subject }));
      return UserMFASettingList;
    },
    deleteUser: (subject: string) => unlessGone(send(new AdminDeleteUserCommand({ UserPoolId, Username: subject }))),
  };
};
export type UserPool = ReturnType<typeof userPool>;

const subjectIn = (attributes: { Name?: string | undefined; Value?: string | undefined }[] = []): string => {
  const { Value } = attributes.find(({ Name }) => Name === "sub") ?? {};
  if (!Value) throw new Error("Cognito returned an account without a subject");
  return Value;
};

const nameOf = (error: unknown): string | undefined => Object(error).name;

const unlessGone = async (sent: Promise<unknown>): Promise<void> => {
  await sent.catch((error) => {
    if (nameOf(error) !== "UserNotFoundException") throw error;
  });
};

/** A request of 8 s may wait for it, so two attempts of 3 s each are the limit. */
const timeouts = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};

let made: { key: string; client: CognitoIdentityProviderClient } | undefined;
const clientOf = ({ region, endpoint }: Resource<"UserPool">): CognitoIdentityProviderClient["send"] => {
  const key = `${region} ${endpoint}`;
  if (made?.key !== key)
    made = {
      key,
      client: new CognitoIdentityProviderClient({ ...timeouts, region, ...(endpoint ? { endpoint } : {}) }),
    };
  const { client } = made;
  return client.send.bind(client);
};
