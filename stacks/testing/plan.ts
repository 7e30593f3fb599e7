import type { EvaluatedResource, Inputs } from "./evaluation.ts";
import { nameOf } from "./names.mjs";

type Resource = Pick<EvaluatedResource, "type" | "name" | "inputs" | "ignoreChanges">;
/** A property that differs, with both values as short text. */
type Difference = { property: string; before: string; after: string };
type Change = { resource: string; holdsData: boolean; differences: Difference[] };
export type Plan = { created: string[]; changed: Change[]; replaced: Change[]; removed: Change[]; unchanged: number };

/**
 * Resources that hold data, keys or what people have confirmed, with the properties whose change replaces them: those with
 * `ForceNew` in the schema of the provider, by its file below internal/service of github.com/hashicorp/terraform-provider-aws
 * (the stored revisions of 2026-11-30; pulumi-aws 7.20.0 wraps this provider), or below internal/provider of
 * terraform-provider-random. A property may be a path. `*` means each property. Names are in `names.mjs`. The cache is not
 * among them, because it may be emptied at any time. Cognito refuses to change or remove an attribute (`schemas`) instead of
 * replacing the pool.
 */
export const holders: Record<string, { source: string; replacedBy: string[] }> = {
  "aws:rds/instance:Instance": {
    source: "rds/instance.go",
    replacedBy: [
      ...["availabilityZone", "characterSetName", "customIamInstanceProfile", "dbName", "engine", "kmsKeyId"],
      ...["ncharCharacterSetName", "restoreToPointInTime", "s3Import", "snapshotIdentifier", "storageEncrypted"],
      ...["timezone", "username"],
    ],
  },
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
    source: "rds/instance_automated_backups_replication.go",
    replacedBy: ["sourceDbInstanceArn", "kmsKeyId", "retentionPeriod", "preSignedUrl"],
  },
  "aws:s3/bucket:Bucket": {
    source: "s3/bucket.go",
    replacedBy: ["bucketPrefix", "objectLockEnabled", "objectLockConfiguration"],
  },
  "aws:kms/key:Key": {
    source: "kms/key.go",
    replacedBy: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  },
  "aws:kms/replicaKey:ReplicaKey": { source: "kms/replica_key.go", replacedBy: ["primaryKeyArn"] },
  "aws:secretsmanager/secret:Secret": { source: "secretsmanager/secret.go", replacedBy: ["namePrefix"] },
  "aws:sqs/queue:Queue": { source: "sqs/queue.go", replacedBy: ["fifoQueue", "namePrefix"] },
  // Its subscribers have confirmed their addresses.
  "aws:sns/topic:Topic": { source: "sns/topic.go", replacedBy: ["fifoTopic", "namePrefix"] },
  "aws:cognito/userPool:UserPool": {
    source: "cognitoidp/user_pool.go",
    replacedBy: ["aliasAttributes", "usernameAttributes", "usernameConfiguration"],
  },
  "aws:cloudwatch/logGroup:LogGroup": { source: "logs/group.go", replacedBy: ["logGroupClass", "namePrefix"] },
  "aws:cloudwatch/eventArchive:EventArchive": { source: "events/archive.go", replacedBy: ["eventSourceArn"] },
  "aws:backup/vault:Vault": { source: "backup/vault.go", replacedBy: ["kmsKeyArn"] },
  // A new value is a new pepper or password: the old one is lost.
  "random:index/randomPassword:RandomPassword": { source: "resource_password.go", replacedBy: ["*"] },
  "random:index/randomBytes:RandomBytes": { source: "resource_bytes.go", replacedBy: ["*"] },
};

/** What a deployment of `head` would do to a stage that was deployed from `base`. */
export const planOf = (base: Resource[], head: Resource[]): Plan => {
  const before = new Map(base.filter(isDeployed).map((one) => [keyOf(one), one]));
  const after = new Map(head.filter(isDeployed).map((one) => [keyOf(one), one]));
  const plan: Plan = { created: [], changed: [], replaced: [], removed: [], unchanged: 0 };
  for (const key of after.keys()) if (!before.has(key)) plan.created.push(key);
  for (const [key, { type, inputs, name, ignoreChanges }] of after) {
    const old = before.get(key);
    if (!old) continue;
    const differences = differencesOf(old.inputs, inputs).filter(
      ({ property }) => !ignoreChanges.some((one) => isWithin(property, one)),
    );
    const change = { resource: key, holdsData: type in holders, differences };
    if (differences.length === 0) plan.unchanged += 1;
    else if (differences.some(({ property }) => replaces(type, name, inputs, property))) plan.replaced.push(change);
    else plan.changed.push(change);
  }
  for (const [key, { type }] of before)
    if (!after.has(key)) plan.removed.push({ resource: key, holdsData: type in holders, differences: [] });
  return plan;
};

/** Links and secrets are values of other resources. */
const isDeployed = ({ type }: Resource) => !type.startsWith("sst:");
const keyOf = ({ type, name }: Resource) => `${type} ${name}`;
const isWithin = (property: string, path: string) => property === path || property.startsWith(`${path}.`);

/** A new name or another region replaces every resource; other properties are in the table. */
const replaces = (type: string, name: string, inputs: Inputs, property: string): boolean =>
  property === "region" ||
  property === nameOf(type, name, inputs)?.property ||
  (holders[type]?.replacedBy ?? []).some((one) => one === "*" || isWithin(property, one));

/** Data that would be lost, except in the resources that the caller allows by their names. */
export const losses = ({ replaced, removed }: Plan, allowed: string[]): string[] =>
  [...replaced, ...removed]
    .filter(({ holdsData, resource }) => holdsData && !allowed.includes(resource.split(" ")[1]!))
    .map(({ resource }) => resource);

const differencesOf = (before: unknown, after: unknown, path = ""): Difference[] => {
  if (isObject(before) && isObject(after) && !("$secret" in before) && !("$secret" in after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) => differencesOf(before[key], after[key], path ? `${path}.${key}` : key));
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ property: path, before: shown(before), after: shown(after) }];
};
const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const shownMax = 120;
/** A plan is public: it shows no secret value. */
const shown = (value: unknown): string => {
  if (value === undefined) return "–";
  const text = JSON.stringify(value, (_, inner) => (isObject(inner) && "$secret" in inner ? "(secret)" : inner));
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
};

/** The plan as Markdown, for a pull request. */
export const describePlan = (title: string, plan: Plan, allowed: string[]): string => {
  const { created, changed, replaced, removed, unchanged } = plan;
  const lost = losses(plan, allowed);
  const line = ({ resource, holdsData, differences }: Change) => [
    `- \`${resource}\`${holdsData ? " **holds data**" : ""}`,
    ...differences.map(({ property, before, after }) => `  - \`${property}\`: \`${before}\` → \`${after}\``),
  ];
  const section = (heading: string, lines: string[]) => (lines.length > 0 ? [`#### ${heading}`, "", ...lines, ""] : []);
  const counts = `${created.length} created, ${changed.length} changed, ${replaced.length} replaced, ${removed.length} removed, ${unchanged} unchanged`;
  return [
    `### ${title}: ${counts}`,
    "",
    ...lost.map((one) => `> **Data would be lost: \`${one}\`.** If this is intended, allow it by name.`),
    ...(lost.length > 0 ? [""] : []),
    ...section("Replaced", replaced.flatMap(line)),
    ...section("Removed", removed.flatMap(line)),
    ...section(
      "Created",
      created.map((one) => `- \`${one}\``),
    ),
    ...section("Changed", changed.flatMap(line)),
  ].join("\n");
};
