/// <reference path="../.sst/platform/config.d.ts" />
import { mailTemplates, pool as settings } from "../packages/functions/src/sign-in.ts";
import type { IdentityProvider, Stage } from "./stage.ts";

export type Users = ReturnType<typeof createUsers>;

/**
 * The Cognito pool of people with a password, and the link with which the API verifies their tokens. A token proves who the
 * user is; memberships in the database decide what the user may do (F-24).
 */
export const createUsers = (stage: Stage) => {
  const mail = stage.mailDomain ? new sst.aws.Email("Mail", { sender: stage.mailDomain }) : undefined;
  const pool = createPool(stage, mail, "Users", { name: settings.name, emailMutable: false });
  createDomain(pool, "Users", "");
  // The functions need the client's id, and CloudFront's own domain exists only after them: Cognito's sign-in page therefore
  // works in stages with a domain. The console and the command line do not use this page.
  const domain = stage.edge?.domain;
  const client = createClient(pool, settings.client.name, domain && `https://${domain}/`, {
    explicitAuthFlows: [...settings.client.explicitAuthFlows],
    supportedIdentityProviders: ["COGNITO"],
  });
  const link = new sst.Linkable("UserPool", {
    properties: { id: pool.id, clientId: client.id, region: stage.region },
  });
  const mailLink =
    mail &&
    new sst.Linkable("MailSender", {
      properties: {
        from: senderOf(stage),
        region: stage.region,
        ...(domain ? { consoleUrl: `https://${domain}/` } : {}),
      },
    });
  return {
    pool,
    link,
    mail: mail && { identityArn: mail.nodes.identity.arn, link: mailLink },
    providers: createSingleSignOn(stage, mail),
  };
};

const senderOf = ({ mailDomain }: Stage): string => `Resolve <no-reply@${mailDomain}>`;

type Pool = aws.cognito.UserPool;
type PoolOptions = { name: string; emailMutable: boolean };

/** A-1…A-7. Users are created by invitation only. */
const createPool = (stage: Stage, mail: sst.aws.Email | undefined, component: string, options: PoolOptions): Pool => {
  const { invitation, code } = mailTemplates(stage.edge?.domain && `https://${stage.edge.domain}/`);
  return new aws.cognito.UserPool(
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
      adminCreateUserConfig: {
        allowAdminCreateUserOnly: true,
        // Cognito requires a text for messages too; it sends none.
        inviteMessageTemplate: { ...invitation, smsMessage: "{username} {####}" },
      },
      verificationMessageTemplate: { defaultEmailOption: "CONFIRM_WITH_CODE", ...code },
      passwordPolicy: settings.passwordPolicy,
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
              fromEmailAddress: senderOf(stage),
            },
          }
        : {}),
    },
    // Cognito refuses a sender whose domain is not verified yet.
    mail ? { dependsOn: [mail] } : {},
  );
};

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
  pool: Pool,
  name: string,
  /** Where Cognito's sign-in page returns to. */
  returnUrl: $util.Input<string> | undefined,
  args: Pick<aws.cognito.UserPoolClientArgs, "explicitAuthFlows" | "supportedIdentityProviders">,
) =>
  new aws.cognito.UserPoolClient(`${name}Client`, {
    name,
    userPoolId: pool.id,
    ...(returnUrl
      ? {
          allowedOauthFlowsUserPoolClient: true,
          allowedOauthFlows: ["code"],
          allowedOauthScopes: ["openid", "email", "profile"],
          callbackUrls: [returnUrl],
          logoutUrls: [returnUrl],
        }
      : {}),
    preventUserExistenceErrors: settings.client.preventUserExistenceErrors,
    enableTokenRevocation: settings.client.enableTokenRevocation,
    accessTokenValidity: settings.client.accessTokenMinutes,
    idTokenValidity: settings.client.accessTokenMinutes,
    refreshTokenValidity: settings.client.refreshTokenDays,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
    readAttributes: ["email", "email_verified", "name"],
    writeAttributes: [...settings.client.writeAttributes],
    ...args,
  });

/**
 * The pool for tenants with their own identity provider, and the link with which the API verifies their tokens. Cognito rewrites the
 * e-mail address at each federated sign-in, which fails when the attribute is immutable, so these users need a separate pool. Each
 * tenant has a client that allows only its own provider (docs/sign-in.md).
 */
const createSingleSignOn = (stage: Stage, mail: sst.aws.Email | undefined) => {
  const providers = Object.entries(stage.identityProviders);
  if (providers.length === 0) return undefined;
  const domain = stage.edge?.domain;
  if (!domain) throw new Error("`identityProviders` needs `edge.domain` in stacks/stage.ts: providers return to it.");
  const pool = createPool(stage, mail, "FederatedUsers", { name: "resolve-federated-users", emailMutable: true });
  createDomain(pool, "FederatedUsers", "-sso");
  const issuer = $interpolate`https://cognito-idp.${stage.region}.amazonaws.com/${pool.id}`;
  return new sst.Linkable("IdentityProviders", {
    properties: {
      providers: providers.map(([name, provider]) => {
        const made = new aws.cognito.IdentityProvider(`${name}Provider`, {
          userPoolId: pool.id,
          providerName: name,
          ...detailsOf(name, provider),
        });
        const client = createClient(pool, name, `https://${domain}/`, {
          explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
          supportedIdentityProviders: [made.providerName],
        });
        return {
          tenantId: provider.tenantId,
          issuer,
          jwksUri: $interpolate`${issuer}/.well-known/jwks.json`,
          clientId: client.id,
        };
      }),
    },
  });
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
