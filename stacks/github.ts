/// <reference path="../.sst/platform/config.d.ts" />

/**
 * One stage for each account: the roles that GitHub's workflow assumes there, and the environment of GitHub whose jobs may
 * assume each. A pull request's code runs in `preview` only, an account without customers and without their secrets.
 */
export const accounts: Record<string, Record<string, string>> = {
  "github-production": { "resolve-deploy": "production" },
  "github-staging": { "resolve-deploy": "staging" },
  "github-preview": { "resolve-preview": "preview" },
};

const issuer = "token.actions.githubusercontent.com";

/**
 * Services of the resources that a deployment creates, and of SST's own state (S3, SSM, ECR). Deploying needs to create,
 * change and delete in each of them; `github.test.ts` compares them with the evaluated resources.
 */
export const deployedServices = [
  "acm",
  "apigateway",
  "application-autoscaling",
  "backup",
  "backup-storage",
  "budgets",
  "cloudfront",
  "cloudwatch",
  "codedeploy",
  "cognito-idp",
  "ec2",
  "ecr",
  "ecs",
  "elasticache",
  "events",
  "iam",
  "kms",
  "lambda",
  "logs",
  "rds",
  "route53",
  "s3",
  "scheduler",
  "schemas",
  "secretsmanager",
  "ses",
  "sns",
  "sqs",
  "ssm",
  "sts",
  "wafv2",
] as const;

/**
 * What a deployment never does. It must be able to create roles, so it could give itself more inside its account; these
 * keep a mistake or a stolen token from leaving something behind that works without GitHub.
 */
const denied = [
  "iam:AddUserToGroup",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreateOpenIDConnectProvider",
  "iam:CreateSAMLProvider",
  "iam:CreateUser",
  "iam:PutUserPolicy",
  "iam:UpdateLoginProfile",
  "iam:UpdateOpenIDConnectProviderThumbprint",
];

/** `owner/name`: a wildcard in it would let other repositories in. @throws Error */
export const assertRepository = (name: string | undefined): string => {
  if (name && /^[\w.-]+\/[\w.-]+$/.test(name)) return name;
  throw new Error(
    `Set GITHUB_REPOSITORY to the repository whose workflow deploys, such as "acme/resolve"; it is "${name}".`,
  );
};

/** The roles of an account of `accounts`, and the provider that GitHub's tokens come from. */
export const createGithubRoles = (environments: Record<string, string>) => {
  const repository = assertRepository(process.env["GITHUB_REPOSITORY"]);
  const account = aws.getCallerIdentityOutput().accountId;
  const provider = new aws.iam.OpenIdConnectProvider("GitHub", {
    url: `https://${issuer}`,
    clientIdLists: ["sts.amazonaws.com"],
  });
  const roles = Object.entries(environments).map(([name, environment]) => {
    const trust = aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sts:AssumeRoleWithWebIdentity"],
          principals: [{ type: "Federated", identifiers: [provider.arn] }],
          conditions: [
            { test: "StringEquals", variable: `${issuer}:aud`, values: ["sts.amazonaws.com"] },
            {
              test: "StringEquals",
              variable: `${issuer}:sub`,
              values: [`repo:${repository}:environment:${environment}`],
            },
          ],
        },
      ],
    });
    const own = $interpolate`arn:aws:iam::${account}:role/${name}`;
    const policy = aws.iam.getPolicyDocumentOutput({
      statements: [
        { actions: deployedServices.map((service) => `${service}:*`), resources: ["*"] },
        { effect: "Deny", actions: denied, resources: ["*"] },
        // It cannot widen its own trust or rights, nor become another role.
        {
          effect: "Deny",
          actions: [
            "iam:AttachRolePolicy",
            "iam:DeleteRole*",
            "iam:PutRole*",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole*",
          ],
          resources: [own],
        },
        { effect: "Deny", actions: ["iam:*OpenIDConnect*"], resources: [provider.arn] },
        { effect: "Deny", actions: ["sts:AssumeRole"], resources: ["*"] },
      ],
    });
    return new aws.iam.Role(name, {
      name,
      description: `GitHub's environment ${environment} of ${repository} deploys with it.`,
      assumeRolePolicy: trust.json,
      // A deployment of production may wait this long for AWS (docs/first-day.md).
      maxSessionDuration: 4 * 3600,
      inlinePolicies: [{ name: "deploy", policy: policy.json }],
    });
  });
  return Object.fromEntries(roles.map((role, at) => [Object.keys(environments)[at], role.arn]));
};
