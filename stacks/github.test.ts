import { validateIdentityPolicy, validateTrustPolicy } from "@cloud-copilot/iam-policy";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { describe, expect, it } from "vitest";
import { accounts, assertRepository, deployedServices } from "./github.ts";
import { type EvaluatedName, evaluated, type Inputs, variants } from "./testing/evaluation.ts";

const roleOf = (account: "github-production" | "github-preview", name: string): Inputs =>
  evaluated(account).one("iam/role:Role", name);
const deploy = roleOf("github-production", "resolve-deploy");
const preview = roleOf("github-preview", "resolve-preview");

const issuer = "token.actions.githubusercontent.com";
const accountId = "123456789012";
const request = (action: string, resource: string, principal: string, contextVariables = {}) => ({
  action,
  principal,
  resource: { resource, accountId },
  contextVariables,
});
const isAllowed = (result: unknown) => (result as { overallResult?: string }).overallResult === "Allowed";

/** Whether GitHub's token with this subject may assume the role. */
const trusts = (role: Inputs, sub: string, aud = "sts.amazonaws.com"): boolean => {
  const [statement, ...others] = JSON.parse(role["assumeRolePolicy"]).Statement;
  expect(others).toEqual([]);
  expect(statement.Action).toEqual(["sts:AssumeRoleWithWebIdentity"]);
  expect(Object.keys(statement.Principal)).toEqual(["Federated"]);
  // StringEquals compares whole values; StringLike would accept patterns.
  expect(Object.keys(statement.Condition)).toEqual(["StringEquals"]);
  const { [`${issuer}:aud`]: audiences, [`${issuer}:sub`]: subjects } = statement.Condition.StringEquals;
  return audiences.includes(aud) && subjects.includes(sub);
};

const may = async (role: Inputs, action: string, resource = "*"): Promise<boolean> => {
  const identityPolicies = role["inlinePolicies"].map(({ name, policy }: Inputs) => ({
    name,
    policy: JSON.parse(policy),
  }));
  const result = await runSimulation(
    {
      identityPolicies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: request(action, resource, `arn:aws:iam::${accountId}:role/${role["name"]}`),
    },
    {},
  );
  return isAllowed(result);
};

describe("GitHub's roles", () => {
  it("each trusts one environment of this repository, and no branch, pull request or other repository", () => {
    expect(trusts(deploy, "repo:acme/resolve:environment:production")).toBe(true);
    expect(trusts(preview, "repo:acme/resolve:environment:preview")).toBe(true);
    for (const sub of [
      "repo:acme/resolve:environment:preview",
      "repo:acme/resolve:environment:staging",
      "repo:acme/resolve:ref:refs/heads/main",
      "repo:acme/resolve:pull_request",
      "repo:acme/resolve-fork:environment:production",
      "repo:other/resolve:environment:production",
      "*",
    ])
      expect(trusts(deploy, sub), sub).toBe(false);
    expect(trusts(deploy, "repo:acme/resolve:environment:production", "https://github.com/acme")).toBe(false);
  });

  it("no account has the role of another account's environment", () => {
    const all = Object.values(accounts).map((roles) => Object.values(roles));
    expect(new Set(all.flat()).size).toBe(all.flat().length);
    expect(evaluated("github-preview").all("iam/role:Role").size).toBe(1);
    // Only roles and the provider: no secrets, no data.
    const types = new Set(evaluated("github-preview").resources.map(({ type }) => type));
    expect([...types].filter((type) => type.startsWith("aws:")).sort()).toEqual([
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
      "aws:iam/role:Role",
    ]);
  });

  it("policies and trust are valid", () => {
    for (const role of [deploy, preview]) {
      expect(validateTrustPolicy(JSON.parse(role["assumeRolePolicy"]))).toEqual([]);
      for (const { policy } of role["inlinePolicies"]) expect(validateIdentityPolicy(JSON.parse(policy))).toEqual([]);
    }
  });

  it("the deployer may create what the stages contain", async () => {
    for (const action of [
      "rds:CreateDBInstance",
      "lambda:CreateFunction",
      "iam:CreateRole",
      "iam:PassRole",
      "kms:CreateKey",
      "backup:CreateBackupVault",
      "wafv2:CreateWebACL",
      "codedeploy:CreateDeployment",
      "ssm:PutParameter",
      "ecr:PutImage",
      "s3:CreateBucket",
    ])
      expect(await may(deploy, action), action).toBe(true);
  });

  it("it leaves nothing behind that works without GitHub, and cannot change its own role", async () => {
    const own = `arn:aws:iam::${accountId}:role/resolve-deploy`;
    for (const [action, resource] of [
      ["iam:CreateUser", "*"],
      ["iam:CreateAccessKey", "*"],
      ["iam:CreateOpenIDConnectProvider", "*"],
      ["iam:UpdateAssumeRolePolicy", own],
      ["iam:PutRolePolicy", own],
      ["iam:AttachRolePolicy", own],
      ["sts:AssumeRole", "arn:aws:iam::123456789012:role/any"],
      ["organizations:LeaveOrganization", "*"],
      ["ce:UpdateCostAllocationTagsStatus", "*"],
      ["bedrock:InvokeModel", "*"],
    ] as const)
      expect(await may(deploy, action, resource), action).toBe(false);
    expect(await may(deploy, "iam:PutRolePolicy", `arn:aws:iam::${accountId}:role/ApiRole`)).toBe(true);
  });

  /** IAM's prefixes of the provider's modules, where they differ. */
  const prefixes: Record<string, string> = {
    apigatewayv2: "apigateway",
    appautoscaling: "application-autoscaling",
    cognito: "cognito-idp",
    sesv2: "ses",
    servicediscovery: "servicediscovery",
    vpc: "ec2",
  };
  const kinds: Record<string, string> = { "cloudwatch/event": "events", "cloudwatch/log": "logs" };

  it("every service of every stage is among the deployer's services", () => {
    const services = (Object.keys(variants) as EvaluatedName[]).flatMap((name) =>
      evaluated(name)
        .resources.filter(({ type }) => type.startsWith("aws:"))
        .map(({ type }) => {
          const path = type.split(":")[1]!;
          const kind = Object.entries(kinds).find(([start]) => path.startsWith(start));
          const [module] = path.split("/") as [string];
          return kind?.[1] ?? prefixes[module] ?? module;
        }),
    );
    const missing = [...new Set(services)].filter((one) => !(deployedServices as readonly string[]).includes(one));
    expect(missing).toEqual([]);
  });

  it("a repository with a wildcard, or none, is refused", () => {
    expect(assertRepository("acme/resolve")).toBe("acme/resolve");
    for (const name of [undefined, "", "acme", "acme/*", "*/*", "acme/resolve:environment"])
      expect(() => assertRepository(name), name).toThrow("GITHUB_REPOSITORY");
  });
});
