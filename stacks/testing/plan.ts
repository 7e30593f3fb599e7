import type { EvaluatedResource, Inputs } from "./evaluation.ts";
import { nameOf } from "./names.mjs";

type Resource = Pick<EvaluatedResource, "type" | "name" | "inputs" | "ignoreChanges">;
/** A property that differs, with both values as short text. */
type Difference = { property: string; before: string; after: string };
type Change = { resource: string; holdsData: boolean; differences: Difference[] };
export type Plan = { created: string[]; changed: Change[]; replaced: Change[]; removed: Change[]; unchanged: number };

/**
 * Resources that hold data or keys, with the properties whose change replaces them: the properties with `ForceNew` of the AWS
 * provider 7.20.0 (internal/service in github.com/hashicorp/terraform-provider-aws) and of the random provider. A property
 * may be a path. `*` means each property. Names are in `names.mjs`.
 */
const holders: Record<string, string[]> = {
  "aws:rds/instance:Instance": [
    ...["availabilityZone", "characterSetName", "customIamInstanceProfile", "dbName", "engine", "kmsKeyId"],
    ...["ncharCharacterSetName", "restoreToPointInTime", "s3Import", "snapshotIdentifier", "storageEncrypted"],
    ...["timezone", "username"],
  ],
  "aws:s3/bucket:Bucket": ["bucketPrefix", "objectLockEnabled"],
  "aws:kms/key:Key": ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  "aws:kms/replicaKey:ReplicaKey": ["primaryKeyArn"],
  "aws:secretsmanager/secret:Secret": ["namePrefix"],
  "aws:sqs/queue:Queue": ["fifoQueue", "namePrefix"],
  "aws:cognito/userPool:UserPool": ["aliasAttributes", "usernameAttributes", "usernameConfiguration", "schemas"],
  "aws:cloudwatch/logGroup:LogGroup": ["logGroupClass", "namePrefix"],
  "aws:cloudwatch/eventArchive:EventArchive": ["eventSourceArn"],
  "aws:backup/vault:Vault": ["kmsKeyArn"],
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": [
    "sourceDbInstanceArn",
    "kmsKeyId",
    "retentionPeriod",
  ],
  // A new value is a new pepper or password: the old one is lost.
  "random:index/randomPassword:RandomPassword": ["*"],
  "random:index/randomBytes:RandomBytes": ["*"],
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
  (holders[type] ?? []).some((one) => one === "*" || isWithin(property, one));

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
