/// <reference path="../.sst/platform/config.d.ts" />
import { deadLetterRetentionSeconds, type RuleName, type RuleSpec, rules } from "../packages/functions/src/topology.ts";
import type { Bus } from "./bus.ts";
import { mapValues, pascal } from "./names.ts";
import type { DeadLetters, Functions, Queues } from "./parts.ts";
import type { Stage } from "./stage.ts";
import type { Storage } from "./storage.ts";

/** A dead-letter queue for each rule. They exist before the functions, whose roles need permission to send to them. */
export const createDeadLetters = (): DeadLetters =>
  mapValues<RuleName, RuleSpec, sst.aws.Queue>(
    rules,
    (_, name) =>
      new sst.aws.Queue(`${pascal(name)}Dlq`, {
        transform: { queue: { messageRetentionSeconds: deadLetterRetentionSeconds, sqsManagedSseEnabled: true } },
      }),
  );

/** The addresses of all dead-letter queues, by queue or rule, for the function that operators use for them. */
export const linkDeadLetters = (queues: Queues, deadLetters: DeadLetters) =>
  new sst.Linkable("DeadLetters", {
    properties: { urls: { ...mapValues(queues, ({ dead }) => dead.url), ...mapValues(deadLetters, ({ url }) => url) } },
  });

type Parts = { stage: Stage; functions: Functions; bus: Bus; storage: Storage; deadLetters: DeadLetters };

/**
 * Connects events with functions. Events that neither EventBridge nor Lambda delivers go to the rule's dead-letter
 * queue.
 */
export const createRules = (parts: Parts): void => {
  // The keys of `rules` are its names.
  for (const [name, spec] of Object.entries(rules))
    createRule(pascal(name), spec, parts.deadLetters[name as RuleName], parts);
};

const createRule = (name: string, spec: RuleSpec, dead: sst.aws.Queue, parts: Parts): void => {
  const { stage, functions, bus, storage } = parts;
  const target = functions[spec.target];
  const eventBusName = spec.bus === "resolve" ? bus.bus.name : "default";
  const rule = new aws.cloudwatch.EventRule(`${name}Rule`, {
    eventBusName,
    eventPattern: pattern(spec, storage),
    // Replicated documents cause events in the recovery region too.
    state: stage.standby ? "DISABLED" : "ENABLED",
  });
  const policy = new aws.sqs.QueuePolicy(`${name}DlqPolicy`, {
    queueUrl: dead.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sqs:SendMessage"],
          resources: [dead.arn],
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
          conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [rule.arn] }],
        },
      ],
    }).json,
  });
  const permission = new aws.lambda.Permission(`${name}Permission`, {
    action: "lambda:InvokeFunction",
    function: target.name,
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
  new aws.cloudwatch.EventTarget(
    `${name}Target`,
    {
      rule: rule.name,
      eventBusName,
      arn: target.arn,
      deadLetterConfig: { arn: dead.arn },
      // Retries of the hand-over to Lambda. FunctionEventInvokeConfig below sets the retries of a failed function.
      retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: spec.maximumEventAgeSeconds },
    },
    { dependsOn: [permission, policy] },
  );
  new aws.lambda.FunctionEventInvokeConfig(
    `${name}Retries`,
    {
      functionName: target.name,
      maximumRetryAttempts: spec.maximumRetryAttempts,
      maximumEventAgeInSeconds: spec.maximumEventAgeSeconds,
      destinationConfig: { onFailure: { destination: dead.arn } },
    },
    // Lambda refuses a destination that the function's role may not send to; it ignores the queue's policy.
    { dependsOn: [target.nodes.role] },
  );
};

/** The default bus carries events of all buckets of the account, so the pattern names our bucket. */
const pattern = (spec: RuleSpec, { documents }: Storage) =>
  documents.name.apply((name) => {
    if (spec.bus === "resolve") return JSON.stringify(spec.pattern);
    // The rule of S3's events has a detail.
    const detail = spec.pattern["detail"] as Record<string, unknown>;
    return JSON.stringify({ ...spec.pattern, detail: { bucket: { name: [name] }, ...detail } });
  });
