/// <reference path="../.sst/platform/config.d.ts" />
import type { IdentityProvider, Stage } from "./stage.ts";

type Parts = { stage: Stage; consoleUrl: $util.Input<string> };

/**
 * The Cognito pools. A token proves who the user is; memberships in the database decide what the user may do (F-24).
 */
export const createAuth = (parts: Parts) => {
  const mail = parts.stage.mailDomain ? new sst.aws.Email("Mail", { sender: parts.stage.mailDomain }) : undefined;
  const users = createPool(parts, mail, "Users", { name: "resolve-users", emailMutable: false });
  createDomain(users, "Users", "");
  createClient(parts, users, "Web", {
    // Password and second factor through InitiateAuth, as in the local runtime.
    explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    supportedIdentityProviders: ["COGNITO"],
  });
  createSingleSignOn(parts, mail);
  return { users };
};

type Pool = aws.cognito.UserPool;
type PoolOptions = { name: string; emailMutable: boolean };

/** A-1…A-7. Accounts are created by invitation only. */
const createPool = ({ stage }: Parts, mail: sst.aws.Email | undefined, component: string, options: PoolOptions): Pool =>
  new aws.cognito.UserPool(
    component,
    {
      name: options.name,
      deletionProtection: stage.permanent ? "ACTIVE" : "INACTIVE",
      // Tokens are not customised, so the cheapest plan is enough. Threat protection needs the PLUS plan.
      userPoolTier: stage.threatProtection ? "PLUS" : "LITE",
      ...(stage.threatProtection ? { userPoolAddOns: { advancedSecurityMode: "ENFORCED" } } : {}),
      usernameAttributes: ["email"],
      usernameConfiguration: { caseSensitive: false },
      autoVerifiedAttributes: ["email"],
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      passwordPolicy: {
        minimumLength: 12,
        requireUppercase: true,
        requireLowercase: true,
        requireNumbers: true,
        requireSymbols: true,
        temporaryPasswordValidityDays: 7,
      },
      // Optional here; the API will require a second factor of administrators (F-23).
      mfaConfiguration: "OPTIONAL",
      softwareTokenMfaConfiguration: { enabled: true },
      accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
      schemas: [
        // Cognito's own limit of this standard attribute. If Cognito kept it instead of another one, the provider would see a
        // change at each deployment and refuse it ("cannot modify or remove schema items").
        { ...text("email", 2048), required: true, mutable: options.emailMutable },
        { ...text("tenant_id", 64), mutable: false },
        { ...text("role", 64), mutable: true },
      ],
      ...(mail
        ? {
            emailConfiguration: {
              emailSendingAccount: "DEVELOPER",
              sourceArn: mail.nodes.identity.arn,
              fromEmailAddress: `Resolve <no-reply@${stage.mailDomain}>`,
            },
          }
        : {}),
    },
    // Cognito refuses a sender whose domain is not verified yet.
    mail ? { dependsOn: [mail] } : {},
  );

const text = (name: string, maxLength: number) => ({
  name,
  attributeDataType: "String",
  stringAttributeConstraints: { minLength: "0", maxLength: String(maxLength) },
});

/** The domain name must be unique in its region. */
const createDomain = (pool: Pool, component: string, suffix: string) =>
  new aws.cognito.UserPoolDomain(`${component}Domain`, {
    userPoolId: pool.id,
    domain: $interpolate`resolve-${$app.stage}${suffix}-${aws.getCallerIdentityOutput().accountId}`,
  });

const createClient = (
  { consoleUrl }: Parts,
  pool: Pool,
  name: string,
  args: Pick<aws.cognito.UserPoolClientArgs, "explicitAuthFlows" | "supportedIdentityProviders">,
) =>
  new aws.cognito.UserPoolClient(`${name}Client`, {
    name,
    userPoolId: pool.id,
    allowedOauthFlowsUserPoolClient: true,
    allowedOauthFlows: ["code"],
    allowedOauthScopes: ["openid", "email", "profile"],
    callbackUrls: [$interpolate`${consoleUrl}/`],
    logoutUrls: [$interpolate`${consoleUrl}/`],
    preventUserExistenceErrors: "ENABLED",
    enableTokenRevocation: true,
    accessTokenValidity: 60,
    idTokenValidity: 60,
    refreshTokenValidity: 30,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
    readAttributes: ["email", "email_verified", "name"],
    // Cognito requires that the list contains all required attributes. Without a list, users could write their own role
    // (F-24).
    writeAttributes: ["email", "name"],
    ...args,
  });

/**
 * The pool for tenants with their own identity provider. Cognito rewrites the e-mail address at each federated sign-in,
 * which fails when the attribute is immutable, so these users need a separate pool. Each tenant has a client that
 * allows only its own provider (docs/sign-in.md).
 */
const createSingleSignOn = (parts: Parts, mail: sst.aws.Email | undefined): void => {
  const providers = Object.entries(parts.stage.identityProviders);
  if (providers.length === 0) return;
  const pool = createPool(parts, mail, "FederatedUsers", { name: "resolve-federated-users", emailMutable: true });
  createDomain(pool, "FederatedUsers", "-sso");
  for (const [name, provider] of providers) {
    const made = new aws.cognito.IdentityProvider(`${name}Provider`, {
      userPoolId: pool.id,
      providerName: name,
      ...detailsOf(name, provider),
    });
    createClient(parts, pool, name, {
      explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
      supportedIdentityProviders: [made.providerName],
    });
  }
};

type Details = Pick<aws.cognito.IdentityProviderArgs, "providerType" | "providerDetails" | "attributeMapping">;
const detailsOf = (name: string, provider: IdentityProvider): Details =>
  "metadataUrl" in provider
    ? {
        providerType: "SAML",
        providerDetails: { MetadataURL: provider.metadataUrl, IDPSignout: "true" },
        attributeMapping: { email: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress" },
      }
    : {
        providerType: "OIDC",
        providerDetails: {
          oidc_issuer: provider.issuer,
          client_id: provider.clientId,
          client_secret: new sst.Secret(`${name}ClientSecret`).value,
          attributes_request_method: "GET",
          authorize_scopes: "openid email profile",
        },
        attributeMapping: { email: "email" },
      };
