/**
 * The Cognito pool of people with a password as data: `stacks/auth.ts` creates it, and the local runtime's double does what it
 * says. Figures: blueprint A-1…A-7.
 */
export const pool = {
  name: "resolve-users",
  passwordPolicy: {
    minimumLength: 12,
    requireUppercase: true,
    requireLowercase: true,
    requireNumbers: true,
    requireSymbols: true,
    temporaryPasswordValidityDays: 7,
  },
  client: {
    name: "Web",
    // Password and second factor through InitiateAuth.
    explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    preventUserExistenceErrors: "ENABLED",
    enableTokenRevocation: true,
    accessTokenMinutes: 60,
    refreshTokenDays: 30,
    // Without a list, users could write their own role (F-24). Cognito requires that it contains all required attributes.
    writeAttributes: ["email", "name"],
  },
} as const;

/** A mail of the pool. Cognito replaces `{username}` by the address and `{####}` by the temporary password or the code. */
export type MailTemplate = { emailSubject: string; emailMessage: string };

/** The mails of the pool. `consoleUrl`: unknown in stages without a domain when the pool is created. */
export const mailTemplates = (consoleUrl: string | undefined): Record<"invitation" | "code", MailTemplate> => {
  const address = consoleUrl
    ? `<a href="${consoleUrl}">${consoleUrl}</a>`
    : "the address of Resolve that you were given";
  const api = consoleUrl ? `${consoleUrl.replace(/\/$/, "")}/api` : "&lt;that address&gt;/api";
  return {
    invitation: {
      emailSubject: "Your account for Resolve",
      emailMessage: [
        "<p>You have been invited to Resolve. Sign in with these within seven days:</p>",
        "<p>E-mail address: {username}<br>Temporary password: {####}</p>",
        `<p>At ${address}, or on the command line:</p><pre>resolve --api-url ${api} login {username}</pre>`,
        `<p>Your invitations are then shown by</p><pre>resolve --api-url ${api} join</pre>`,
        "<p>You will first choose your own password, of at least 12 characters with capital and small letters, digits and symbols.</p>",
        "<p>If you expected no invitation, ignore this mail.</p>",
      ].join("\n"),
    },
    code: {
      emailSubject: "Your code for Resolve",
      emailMessage: [
        "<p>Your code for a new password is {####}. It is valid for one hour.</p>",
        "<p>If you asked for no code, ignore this mail: your password is unchanged.</p>",
      ].join("\n"),
    },
  };
};
