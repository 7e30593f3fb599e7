import { describe, expect, it } from "vitest";
import { pool as settings } from "../packages/functions/src/sign-in.ts";
import { functions } from "../packages/functions/src/topology.ts";
import { evaluated } from "./testing/evaluation.ts";

const production = evaluated("production");
const signIn = evaluated("production-options");

const pool = (name = "Users", evaluation = production) => evaluation.one("cognito/userPool:UserPool", name);
const schema = (name: string, of = pool()) => of["schemas"].find((one: { name: string }) => one.name === name);

describe("sign-in", () => {
  it("A-1 the pool is resolve-users, and production protects it against deletion", () => {
    expect(pool()).toMatchObject({
      name: "resolve-users",
      deletionProtection: "ACTIVE",
      usernameAttributes: ["email"],
    });
    expect(pool("Users", evaluated("developer"))["deletionProtection"]).toBe("INACTIVE");
  });

  it("A-2 passwords have 12 characters of all four kinds", () => {
    expect(pool()["passwordPolicy"]).toMatchObject({
      minimumLength: 12,
      requireUppercase: true,
      requireLowercase: true,
      requireNumbers: true,
      requireSymbols: true,
    });
  });

  it("A-3 the second factor is optional, and is a code from an authenticator app", () => {
    expect(pool()).toMatchObject({
      mfaConfiguration: "OPTIONAL",
      softwareTokenMfaConfiguration: { enabled: true },
    });
  });

  it("A-4 the e-mail address is required and immutable", () => {
    expect(schema("email")).toMatchObject({ attributeDataType: "String", required: true, mutable: false });
  });

  it("A-5 the tenant attribute is a string and immutable", () => {
    expect(schema("tenant_id")).toMatchObject({ attributeDataType: "String", mutable: false });
  });

  it("A-6 F-24 the role attribute is mutable, but users cannot write it", () => {
    expect(schema("role")).toMatchObject({ attributeDataType: "String", mutable: true });
    const clients = [...signIn.all("cognito/userPoolClient:UserPoolClient").values()];
    expect(clients.map(({ name }) => name)).toEqual(["Brandt", "Halden", "Web"]);
    for (const { writeAttributes } of clients) expect(writeAttributes).toEqual(["email", "name"]);
  });

  it("A-7 accounts are recovered by the verified e-mail address", () => {
    expect(pool()["accountRecoverySetting"].recoveryMechanisms).toEqual([{ name: "verified_email", priority: 1 }]);
  });

  it("self sign-up is off, no client gets a token in a URL, and errors do not reveal which accounts exist", () => {
    expect(pool()["adminCreateUserConfig"]).toMatchObject({ allowAdminCreateUserOnly: true });
    for (const client of signIn.all("cognito/userPoolClient:UserPoolClient").values()) {
      expect(client).toMatchObject({ preventUserExistenceErrors: "ENABLED", enableTokenRevocation: true });
      expect(client["allowedOauthFlows"] ?? ["code"]).toEqual(["code"]);
    }
    expect(production.one("cognito/userPoolClient:UserPoolClient", "WebClient")).toMatchObject({
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      supportedIdentityProviders: ["COGNITO"],
      accessTokenValidity: 60,
      refreshTokenValidity: 30,
    });
  });

  it("Cognito's sign-in page returns to the console's domain, and is off without a domain", () => {
    const web = (stage: "production" | "production-domain") =>
      evaluated(stage).one("cognito/userPoolClient:UserPoolClient", "WebClient");
    expect(web("production")).not.toHaveProperty("callbackUrls");
    expect(web("production-domain")).toMatchObject({
      allowedOauthFlowsUserPoolClient: true,
      callbackUrls: ["https://resolve.example/"],
      logoutUrls: ["https://resolve.example/"],
    });
  });

  it("the functions of the API get the pool and its client, in the stage's region", () => {
    const linked = Object.entries(functions).filter(([, { links }]) => links.includes("UserPool"));
    expect(linked.map(([name]) => name)).toEqual(expect.arrayContaining(["api", "api-wait"]));
    expect(production.links()).toContain("UserPool");
    for (const [name, { links, managesAccounts }] of Object.entries(functions))
      if (managesAccounts) expect(links, name).toContain("UserPool");
  });

  it("pool and client have the settings that the local runtime's double enforces", () => {
    const { name, accessTokenMinutes, refreshTokenDays, ...client } = settings.client;
    expect(pool()).toMatchObject({ name: settings.name, passwordPolicy: settings.passwordPolicy });
    expect(production.one("cognito/userPoolClient:UserPoolClient", `${name}Client`)).toMatchObject({
      ...client,
      accessTokenValidity: accessTokenMinutes,
      refreshTokenValidity: refreshTokenDays,
      tokenValidityUnits: { accessToken: "minutes", refreshToken: "days" },
    });
  });

  it("the invitation has the address and the temporary password, and says where to sign in when the stage has a domain", () => {
    const template = (stage: "production" | "production-domain") =>
      pool("Users", evaluated(stage))["adminCreateUserConfig"].inviteMessageTemplate;
    for (const stage of ["production", "production-domain"] as const) {
      for (const text of [template(stage).emailMessage, template(stage).smsMessage])
        for (const part of ["{username}", "{####}"]) expect(text).toContain(part);
      expect(template(stage).emailMessage.length).toBeLessThan(20_000);
    }
    expect(template("production-domain").emailMessage).toContain("https://resolve.example/");
    expect(pool()["verificationMessageTemplate"].emailMessage).toContain("{####}");
  });

  it("threat protection and a mail domain are settings of the stage", () => {
    expect(pool()["userPoolTier"]).toBe("LITE");
    expect(pool()).not.toHaveProperty("userPoolAddOns");
    expect(pool("Users", signIn)).toMatchObject({
      userPoolTier: "PLUS",
      userPoolAddOns: { advancedSecurityMode: "ENFORCED" },
      emailConfiguration: { emailSendingAccount: "DEVELOPER", fromEmailAddress: "Resolve <no-reply@resolve.example>" },
    });
    expect(signIn.one("sesv2/emailIdentity:EmailIdentity", "MailIdentity")["emailIdentity"]).toBe("resolve.example");
  });

  it("F-23 a tenant's identity provider belongs to that tenant's client only, in a pool whose e-mail address is mutable", () => {
    const federated = pool("FederatedUsers", signIn);
    expect(schema("email", federated)).toMatchObject({ required: true, mutable: true });
    expect(signIn.one("cognito/identityProvider:IdentityProvider", "HaldenProvider")).toMatchObject({
      providerType: "SAML",
      providerDetails: { MetadataURL: "https://idp.halden.example/metadata" },
    });
    expect(signIn.one("cognito/identityProvider:IdentityProvider", "BrandtProvider")).toMatchObject({
      providerType: "OIDC",
      providerDetails: { oidc_issuer: "https://id.brandt.example", client_secret: "value-of-BrandtClientSecret" },
    });
    for (const name of ["Halden", "Brandt"]) {
      const client = signIn.one("cognito/userPoolClient:UserPoolClient", `${name}Client`);
      expect(client["supportedIdentityProviders"]).toEqual([name]);
      expect(client["userPoolId"]).toContain("FederatedUsers");
      expect(client["explicitAuthFlows"]).toEqual(["ALLOW_REFRESH_TOKEN_AUTH"]);
    }
  });

  it("F-23 the API verifies tokens of each tenant's provider by the client's id, and no other function but the mails' knows them", () => {
    const { providers } = signIn.link("IdentityProviders");
    expect(providers).toHaveLength(2);
    expect(providers[0]).toMatchObject({
      tenantId: "ten_01j9x0000000e008000000000a",
      clientId: expect.stringContaining("HaldenClient"),
      issuer: expect.stringMatching(/^https:\/\/cognito-idp\.us-east-1\.amazonaws\.com\/.*FederatedUsers/),
    });
    expect(signIn.one("cognito/userPoolClient:UserPoolClient", "HaldenClient")["callbackUrls"]).toEqual([
      "https://resolve.example/",
    ]);
    expect(production.links()).not.toContain("IdentityProviders");
  });

  it("invitations are mailed from the stage's domain, and only there", () => {
    expect(signIn.link("MailSender")).toEqual({
      from: "Resolve <no-reply@resolve.example>",
      region: "us-east-1",
      consoleUrl: "https://resolve.example/",
    });
    expect(production.links()).not.toContain("MailSender");
  });

  it("sign-in domains, which are unique in a region, differ by stage", () => {
    const names = (["production", "production-west", "staging"] as const).map(
      (stage) => evaluated(stage).one("cognito/userPoolDomain:UserPoolDomain", "UsersDomain")["domain"],
    );
    expect(names).toEqual([
      "resolve-production-123456789012",
      "resolve-production-west-123456789012",
      "resolve-staging-123456789012",
    ]);
  });
});
