import type { Requirement } from "./requirements.ts";

/**
 * How long AWS takes to create a resource, in seconds: usually, and at most, which is when the provider gives up (its
 * documentation, "Timeouts") or the limit that AWS documents. Types that are not listed take a few API calls.
 */
export const durations: Record<string, { usual: number; most: number; source: string }> = {
  "aws:rds/instance:Instance": {
    usual: 900,
    most: 2_400,
    source: "RDS guide, first instance: up to 20 minutes, here with a standby; provider: 40 minutes",
  },
  "aws:rds/proxy:Proxy": { usual: 300, most: 1_800, source: "assumption; provider: 30 minutes" },
  "aws:rds/proxyTarget:ProxyTarget": { usual: 5, most: 5, source: "the provider does not wait for the target" },
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
    usual: 1_200,
    most: 4_500,
    source: "assumption; provider: 75 minutes",
  },
  "aws:ec2/natGateway:NatGateway": { usual: 120, most: 600, source: "assumption; provider: 10 minutes" },
  "aws:ec2/instance:Instance": { usual: 60, most: 600, source: "assumption; provider: 10 minutes" },
  "aws:cloudfront/distribution:Distribution": {
    usual: 10,
    most: 10,
    source: "SST does not wait here, but in its own resource",
  },
  "pulumi-nodejs:dynamic:Resource": {
    usual: 300,
    most: 1_800,
    source: "SST's waiter for CloudFront; CloudFront guide: a few minutes",
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    usual: 300,
    most: 4_500,
    source: "ACM guide, DNS validation; provider: 75 minutes",
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    usual: 900,
    most: 3_600,
    source: "assumption; provider: 60 minutes",
  },
  "docker-build:index:Image": { usual: 180, most: 900, source: "assumption: build for arm64 and upload" },
  "aws:lambda/function:Function": { usual: 30, most: 600, source: "with a network; provider: 10 minutes" },
  "aws:lambda/invocation:Invocation": { usual: 60, most: 900, source: "the migrator's timeout (topology)" },
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": {
    usual: 120,
    most: 900,
    source: "assumption; provider: 15 minutes",
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    usual: 30,
    most: 600,
    source: "assumption; provider: 10 minutes",
  },
  "aws:iam/role:Role": { usual: 10, most: 120, source: "assumption: IAM is eventually consistent" },
  "aws:kms/key:Key": { usual: 20, most: 120, source: "assumption; provider: 2 minutes" },
  "aws:kms/replicaKey:ReplicaKey": { usual: 30, most: 120, source: "assumption; provider: 2 minutes" },
};
const fewCalls = { usual: 3, most: 30, source: "a few API calls" };

export const durationOf = (type: string) => durations[type] ?? fewCalls;

type Resource = { type: string; name: string; dependencies: readonly string[] };
export type Step = { id: string; startsAt: number; seconds: number; after: string | undefined };
export type Rehearsal = { steps: Step[]; path: Step[]; seconds: number };

const isCreated = ({ type }: Resource): boolean => /^(aws|random|docker-build|pulumi-nodejs|datadog):/.test(type);

/**
 * Plays the creation of a stage: each resource starts when its last dependency is there, all others at once, as Pulumi
 * does. `path` is the longest chain. @throws Error for a circular wait.
 */
export const rehearse = (resources: readonly Resource[], kind: "usual" | "most" = "usual"): Rehearsal => {
  const waiting = new Map(resources.map((one) => [`${one.type} ${one.name}`, one]));
  const done = new Map<string, Step>();
  const visiting = new Set<string>();
  const endOf = (step: Step | undefined): number => (step ? step.startsAt + step.seconds : 0);
  const visit = (id: string): Step | undefined => {
    const present = done.get(id);
    const resource = waiting.get(id);
    // A dependency on a component is a dependency on nothing that AWS creates.
    if (present || !resource) return present;
    if (visiting.has(id)) throw new Error(`a circular wait: ${[...visiting, id].join(" → ")}`);
    visiting.add(id);
    const before = resource.dependencies.map(visit).filter((step) => step !== undefined);
    visiting.delete(id);
    const last = before.reduce<Step | undefined>((a, b) => (endOf(b) > endOf(a) ? b : a), undefined);
    const seconds = isCreated(resource) ? durationOf(resource.type)[kind] : 0;
    const step = { id, startsAt: endOf(last), seconds, after: last?.id };
    done.set(id, step);
    return step;
  };
  for (const id of waiting.keys()) visit(id);
  const steps = [...done.values()].sort((a, b) => endOf(a) - endOf(b) || (a.id < b.id ? -1 : 1));
  const path: Step[] = [];
  for (let step = steps.at(-1); step; step = step.after ? done.get(step.after) : undefined) path.unshift(step);
  return { steps, path: path.filter(({ seconds }) => seconds > 0), seconds: endOf(steps.at(-1)) };
};

const nameOf = (id: string): string => `${id.split(" ")[1]} (${id.split(" ")[0]!.split(":").at(-1)})`;
export const minutesOf = (seconds: number): string => `${Math.ceil(seconds / 60)} min`;

/** The longest chain as a mermaid diagram, for docs/first-day.md. */
export const pathDiagram = ({ path }: Rehearsal): string => {
  const nodes = path.map(
    ({ id, startsAt, seconds }, at) =>
      `  s${at}["${nameOf(id)}<br/>${minutesOf(startsAt)} + ${seconds < 60 ? `${seconds} s` : minutesOf(seconds)}"]`,
  );
  const arrows = path.slice(1).map((_, at) => `  s${at} --> s${at + 1}`);
  return `\`\`\`mermaid\nflowchart TD\n${[...nodes, ...arrows].join("\n")}\n\`\`\``;
};

/** What `npm run infra:rehearse` prints. */
export const report = (
  stage: string,
  usual: Rehearsal,
  most: Rehearsal,
  requirements: readonly Requirement[],
  commands: readonly string[],
): string => {
  const line = ({ id, startsAt, seconds }: Step) =>
    `${minutesOf(startsAt).padStart(7)}  ${`${seconds} s`.padStart(7)}  ${nameOf(id)}`;
  return [
    `Stage ${stage}: ${usual.steps.length} resources, usually ${minutesOf(usual.seconds)}, at most ${minutesOf(most.seconds)}.`,
    `\nLongest chain, usually (start, duration):\n${usual.path.map(line).join("\n")}`,
    `\nLongest chain, at most:\n${most.path.map(line).join("\n")}`,
    `\nThe account needs:\n${requirements.map(({ what, how }) => `- ${what}\n    ${how}`).join("\n")}`,
    `\nThe first day, in order:\n${commands.map((command, at) => `${String(at + 1).padStart(2)}. ${command}`).join("\n")}`,
    "",
  ].join("\n");
};
