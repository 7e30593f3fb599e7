/// <reference path="../.sst/platform/config.d.ts" />
import {
  type FunctionName,
  type LinkName,
  type RuleName,
  rules,
  type TaskName,
} from "../packages/functions/src/topology.ts";
import type { Users } from "./auth.ts";
import type { Bus } from "./bus.ts";
import type { Cache, SearchResults } from "./cache.ts";
import type { Database } from "./database.ts";
import type { OriginVerify } from "./edge.ts";
import type { Model } from "./model.ts";
import { pascal } from "./names.ts";
import type { Network } from "./network.ts";
import type { Ocr } from "./ocr.ts";
import type { DeadLetters, Queues } from "./parts.ts";
import type { Secrets } from "./secrets.ts";
import type { Stage } from "./stage.ts";
import type { Storage } from "./storage.ts";

/** Everything that a function or task of the topology may be linked to. */
export type Parts = {
  stage: Stage;
  network: Network;
  database: Database;
  secrets: Secrets;
  users: Users;
  cache: Cache;
  searchResults: SearchResults;
  storage: Storage;
  bus: Bus;
  queues: Queues;
  deadLetters: DeadLetters;
  deadLettersLink: sst.Linkable<{ urls: Record<string, $util.Output<string>> }>;
  ocr: Ocr;
  embedding: Model;
  answering: Model;
  originVerify: OriginVerify;
};
type Consumer = {
  links: readonly LinkName[];
  network?: "vpc" | "internet";
  documents?: readonly ("get" | "put" | "delete")[];
  managesAccounts?: boolean;
};
type Permission = { actions: string[]; resources: $util.Input<string>[]; conditions?: Condition[] };
type Condition = { test: string; variable: string; values: $util.Input<string>[] };

/** The consumer's links, without those that the stage does not have. */
export const linksOf = (parts: Parts, { links }: Consumer) =>
  links.map((link) => linkOf(parts, link)).filter((link) => link !== undefined);

const linkOf = (
  {
    database,
    secrets,
    users,
    cache,
    searchResults,
    storage,
    bus,
    queues,
    deadLettersLink,
    ocr,
    embedding,
    answering,
    originVerify,
  }: Parts,
  name: LinkName,
) => {
  if (name === "UserPool") return users.link;
  if (name === "MailSender") return users.mail?.link;
  if (name === "IdentityProviders") return users.providers;
  if (name === "Cache") return cache.link;
  if (name === "SearchResults") return searchResults;
  if (name === "Documents") return storage.link;
  if (name === "Bus") return bus.link;
  if (name === "DeadLetters") return deadLettersLink;
  if (name === "Ocr") return ocr?.link;
  if (name === "Embedding") return embedding?.link;
  if (name === "Answering") return answering?.link;
  if (name === "OriginVerify") return originVerify?.link;
  const queue = Object.entries(queues).find(([queueName]) => pascal(queueName) === name)?.[1];
  if (queue) return queue.link;
  // All other links are passwords or secrets; a name without one gives undefined.
  return database.links[name] ?? secrets.links[name as keyof Secrets["links"]];
};

const objectActions = { get: ["s3:GetObject"], put: ["s3:PutObject"], delete: [] } as const;
const keyActions = { get: ["kms:Decrypt"], put: ["kms:GenerateDataKey"], delete: [] } as const;

/** Originals, and texts that are too large for a response (core's documents/object-key.ts). */
const objectsOf = (bucket: $util.Input<string>) => [$interpolate`${bucket}/t/*`, $interpolate`${bucket}/text/t/*`];

/** The exact permissions of a function or task. SST's component links would grant `s3:*`, `sqs:*` and `events:*`. */
export const grants = (parts: Parts, name: FunctionName | TaskName, spec: Consumer): Permission[] => {
  const { storage, database, bus, secrets, queues, deadLetters, ocr, embedding, answering, cache, originVerify } =
    parts;
  const permissions: Permission[] = [];
  const { arn: bucket, keyArn } = storage.documents;
  if (spec.documents)
    permissions.push(
      {
        actions: spec.documents.flatMap((action) => objectActions[action]),
        resources: objectsOf(bucket),
      },
      // Without s3:ListBucket, S3 responds 403 instead of 404 for a missing object.
      { actions: ["s3:ListBucket"], resources: [bucket] },
      {
        actions: spec.documents.flatMap((action) => keyActions[action]),
        resources: [keyArn],
        // Only through S3, and only for this bucket.
        conditions: [
          { test: "StringEquals", variable: "kms:ViaService", values: [`s3.${parts.stage.region}.amazonaws.com`] },
          { test: "StringEquals", variable: "kms:EncryptionContext:aws:s3:arn", values: [bucket] },
        ],
      },
    );
  if (spec.documents?.includes("delete")) {
    const buckets = [bucket, ...(storage.replica ? [storage.replica.arn] : [])];
    permissions.push(
      // A purge deletes every version. S3 requires both permissions for the deletion of one.
      {
        actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
        resources: buckets.flatMap(objectsOf),
      },
      { actions: ["s3:ListBucketVersions"], resources: buckets },
    );
  }
  if (spec.links.includes("Bus")) permissions.push({ actions: ["events:PutEvents"], resources: [bus.bus.arn] });
  if (spec.links.includes("Kms"))
    permissions.push({
      // A function outside the VPC opens what its messages contain, and seals nothing.
      actions: spec.network === "internet" ? ["kms:Decrypt"] : ["kms:GenerateDataKey", "kms:Decrypt"],
      resources: [secrets.keyArn],
      conditions: [{ test: "ForAllValues:StringEquals", variable: "kms:EncryptionContextKeys", values: ["tenantId"] }],
    });
  if (spec.links.includes("UserPool"))
    permissions.push({
      actions: ["cognito-idp:AdminGetUser", ...(spec.managesAccounts ? accountActions : [])],
      resources: [parts.users.pool.arn],
    });
  if (parts.users.mail && spec.links.includes("MailSender"))
    permissions.push({ actions: ["ses:SendEmail"], resources: [parts.users.mail.identityArn] });
  permissions.push(...passwords(database, spec));
  if (ocr && spec.links.includes("Ocr")) permissions.push(...recognition);
  const ofLinks = {
    Embedding: embedding,
    Answering: answering,
    Cache: cache,
    ApiKeyPepper: secrets,
    OriginVerify: originVerify,
  };
  // The key of `ofLinks`.
  for (const [link, made] of Object.entries(ofLinks))
    if (made && spec.links.includes(link as LinkName)) permissions.push(...made.permissions);
  // `Object.entries` loses the types of keys: the links of queues, rules and logins are names of the topology.
  for (const [queueName, { queue, spec: queueSpec }] of Object.entries(queues)) {
    if (spec.links.includes(pascal(queueName) as LinkName))
      permissions.push({ actions: ["sqs:SendMessage", "sqs:GetQueueAttributes"], resources: [queue.arn] });
    if (queueSpec.consumer === name)
      permissions.push({
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
        resources: [queue.arn],
      });
  }
  if (spec.links.includes("DeadLetters"))
    permissions.push({
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
      resources: [
        ...Object.values(queues).map(({ dead }) => dead.arn),
        ...Object.values(deadLetters).map(({ arn }) => arn),
      ],
    });
  if (spec.links.includes("CustomerRoles")) permissions.push(customerRoles);
  // Lambda sends an event that the function failed to handle to the dead-letter queue, with the function's role.
  for (const [ruleName, { target }] of Object.entries(rules))
    if (target === name)
      // The key of a rule.
      permissions.push({ actions: ["sqs:SendMessage"], resources: [deadLetters[ruleName as RuleName].arn] });
  return [...permissions, ...tracing];
};

/** What `userPool()` of core calls, besides reading a user. Nobody may set a password or an attribute of somebody else. */
const accountActions = [
  "AdminCreateUser",
  "AdminDisableUser",
  "AdminEnableUser",
  "AdminResetUserPassword",
  "AdminUserGlobalSignOut",
  "AdminDeleteUser",
].map((action) => `cognito-idp:${action}`);

/**
 * A consumer may read the secrets of its own logins. One with the link ProxyLogins rotates passwords, so it may also
 * write them.
 */
const passwords = ({ secrets, proxySecrets }: Database, { links }: Consumer): Permission[] => {
  if (!secrets) return [];
  // The keys of `secrets` are links.
  const own = Object.entries(secrets).flatMap(([name, { arn }]) => (links.includes(name as LinkName) ? [arn] : []));
  const permissions = own.length > 0 ? [{ actions: ["secretsmanager:GetSecretValue"], resources: own }] : [];
  if (!links.includes("ProxyLogins")) return permissions;
  const change = [
    "secretsmanager:DescribeSecret",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
  ];
  const copies = Object.values(proxySecrets).map(({ arn }) => arn);
  return [
    ...permissions,
    { actions: change, resources: own },
    { actions: ["secretsmanager:PutSecretValue"], resources: copies },
  ];
};

/**
 * Roles of tenants, which put events on their buses: of other accounts only, with the prefix that the API requires, and never
 * without the ExternalId of a tenant.
 */
const customerRoles: Permission = {
  actions: ["sts:AssumeRole"],
  resources: ["arn:aws:iam::*:role/resolve-*"],
  conditions: [
    { test: "StringLike", variable: "sts:ExternalId", values: ["ten_*"] },
    { test: "StringNotEquals", variable: "aws:ResourceAccount", values: [aws.getCallerIdentityOutput().accountId] },
  ],
};

/** Textract has no resource-level permissions; it reads S3 objects with the caller's permissions. */
const recognition: Permission[] = [
  {
    actions: [
      "textract:StartDocumentTextDetection",
      "textract:GetDocumentTextDetection",
      "textract:DetectDocumentText",
    ],
    resources: ["*"],
  },
];

/** X-Ray has no resource-level permissions. */
const tracing: Permission[] = [{ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] }];
