import type { Stage } from "./stage.ts";

/**
 * What an account must have before the first deployment of a stage, from its evaluated resources. `scripts/preflight.mjs`
 * checks each against a real account; `check` says how. A deployment from an administrator's machine works without what is
 * marked `later`.
 */
export type Requirement = { id: string; what: string; how: string; check: Check; later?: true };
type Check =
  | { kind: "quota"; service: string; code: string; need: number; inUse?: "vpcs" | "addresses" }
  | { kind: "concurrency"; need: number }
  | { kind: "zones"; need: number; without: readonly string[] }
  | { kind: "role"; name: string }
  | { kind: "hostedZone"; domain: string }
  | { kind: "mail"; domain: string }
  | { kind: "model"; model: string }
  | { kind: "costTag"; tag: string }
  | { kind: "linkedRole"; service: string; name: string };

// biome-ignore lint/suspicious/noExplicitAny: each provider type has its own inputs, which the tests check.
type Resource = { type: string; name: string; inputs: Record<string, any> };

/** Quotas that a new account can meet, with their values in it (pages "Quotas" of VPC, EC2 and Fargate). */
const quotas = {
  vpcs: { what: "VPCs", service: "vpc", code: "L-F678F1CE", usual: 5, inUse: "vpcs" },
  addresses: { what: "Elastic IP addresses", service: "ec2", code: "L-0263D0A3", usual: 5, inUse: "addresses" },
  fargate: { what: "vCPU of Fargate on demand", service: "fargate", code: "L-3032A538", usual: 6, inUse: undefined },
} as const;

const increase = (service: string, code: string, value: number): string =>
  `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${value}`;

const quota = (name: keyof typeof quotas, need: number): Requirement[] => {
  const { what, service, code, usual, inUse } = quotas[name];
  if (need === 0) return [];
  return [
    {
      id: name,
      what: `${need} free ${what}; a new account has ${usual}`,
      how: increase(service, code, Math.max(need, usual + need)),
      check: { kind: "quota", service, code, need, ...(inUse ? { inUse } : {}) },
    },
  ];
};

export const requirementsOf = (name: string, stage: Stage, resources: readonly Resource[]): Requirement[] => {
  const all = (type: string) => resources.filter((one) => one.type === `aws:${type}`);
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
  const reserved = sum(all("lambda/function:Function").map((one) => one.inputs["reservedConcurrentExecutions"] ?? 0));
  const task = all("ecs/taskDefinition:TaskDefinition")[0];
  // A deployment runs the old and the new tasks at the same time.
  const vcpus = task ? (Number(task.inputs["cpu"]) / 1024) * (stage.tasks.max + Math.max(stage.tasks.min, 1)) : 0;
  const domains = [stage.edge?.domain, stage.mailDomain].filter((one) => one !== undefined);
  // The account of previews has another one, and developers deploy with their own rights.
  const roles = stage.permanent || name === "staging" ? ["resolve-deploy"] : [];
  const models = [stage.embedding, stage.answering].flatMap((one) => (one?.provider === "bedrock" ? [one.model] : []));
  return [
    {
      id: "concurrency",
      // Lambda keeps 100 executions unreserved.
      what: `${reserved > 0 ? 1_000 : 10} concurrent executions of Lambda (${reserved} are reserved, 100 must stay unreserved)`,
      how: increase("lambda", "L-B99A9384", 1_000),
      check: { kind: "concurrency", need: reserved > 0 ? 1_000 : 10 },
    },
    {
      id: "zones",
      what: "two availability zones with RDS Proxy and Fargate on arm64",
      how: "both regions have them, without use1-az3",
      check: { kind: "zones", need: 2, without: ["use1-az3"] },
    },
    ...quota("vpcs", all("ec2/vpc:Vpc").length),
    ...quota("addresses", all("ec2/eip:Eip").length),
    ...quota("fargate", vcpus),
    ...roles.map(
      (role): Requirement => ({
        id: `role ${role}`,
        what: `the role ${role}, which GitHub's workflow assumes`,
        how: "see GitHub's roles in docs/first-day.md",
        check: { kind: "role", name: role },
        later: true,
      }),
    ),
    {
      id: "ecs role",
      what: "the service-linked role of ECS",
      how: "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com",
      check: { kind: "linkedRole", service: "ecs.amazonaws.com", name: "AWSServiceRoleForECS" },
    },
    ...domains.map(
      (domain): Requirement => ({
        id: `zone ${domain}`,
        what: `the Route 53 zone of ${domain}, to which its registrar delegates`,
        how: `aws route53 create-hosted-zone --name ${domain} --caller-reference first`,
        check: { kind: "hostedZone", domain },
      }),
    ),
    ...(stage.mailDomain
      ? [
          {
            id: "mail",
            what: `SES outside its sandbox, to send mail from ${stage.mailDomain}`,
            how: "SES console, Account dashboard, Request production access; it takes about a day",
            check: { kind: "mail", domain: stage.mailDomain } as const,
          },
        ]
      : []),
    ...models.map(
      (model): Requirement => ({
        id: `model ${model}`,
        what: `access to ${model} in Bedrock in ${stage.region}`,
        how: "Bedrock console, Model access; Amazon's own models need no agreement",
        check: { kind: "model", model },
      }),
    ),
    {
      id: "cost tag",
      what: "the cost allocation tag `stage` is active, otherwise the budget counts nothing; AWS offers it a day after the first deployment",
      how: "aws ce update-cost-allocation-tags-status --cost-allocation-tags-status TagKey=stage,Status=Active",
      check: { kind: "costTag", tag: "stage" },
      later: true,
    },
  ];
};

/** The commands of the first day, in order. */
export const firstDay = (name: string, stage: Stage, secrets: readonly string[]): string[] => [
  "aws sts get-caller-identity",
  `npm run -s infra:preflight -- --stage ${name}`,
  ...secrets.map((secret) => `npx sst secret set ${secret} VALUE --stage ${name}`),
  `scripts/deploy.sh ${name}`,
  "aws sns subscribe --protocol email --notification-endpoint YOU --topic-arn $(node -p \"require('./.sst/outputs.json').alarms\")",
  ...(stage.recoveryRegion
    ? [
        `aws sns subscribe --region ${stage.recoveryRegion} --protocol email --notification-endpoint YOU --topic-arn $(aws sns list-topics --region ${stage.recoveryRegion} --query "Topics[?contains(TopicArn, 'RecoveryAlarms')].TopicArn" --output text)`,
      ]
    : []),
  "aws lambda invoke --function-name $(node -p \"require('./.sst/outputs.json').bootstrap\") /dev/stdout",
  `RESOLVE_OPERATOR_KEY=KEY scripts/deploy.sh ${name}`,
];
