import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import { followed, type JobTools } from "./jobs.ts";
import { oneLine, placeOf } from "./questions.ts";

type Run = Schemas["OnboardingRun"];
type Waits = { wait: boolean };
type Seed = { seedQuestion?: string; seedAnswer?: string };
type NewTenant = Seed & {
  email: string;
  plan?: "free" | "team" | "enterprise";
  externalId?: string;
  members?: string[];
  documents?: string[];
};

const withSeed = (command: Command): Command =>
  command
    .option("--seed-question <question>", "the first question, which the documents must answer")
    .option("--seed-answer <text>", "a text that its answer must contain");

const secondsMax = 300;

/** `resolve onboard` and `onboarding`. */
export const addOnboardingCommands = (program: Command, { client, show, progress }: JobTools): void => {
  /** Shows the progress until the run is not running. @throws Error after `secondsMax` */
  const settled = (read: () => Promise<Run>): Promise<Run> => {
    const deadline = Date.now() + secondsMax * 1_000;
    const lineOf = (run: Run) => {
      if (run.status !== "running") return undefined;
      if (Date.now() > deadline)
        throw new Error(`The run is still running after ${secondsMax} s. See \`resolve onboarding\`.`);
      return progressLine(run);
    };
    return followed(read, lineOf, progress);
  };
  /** @throws Error for a run that failed */
  const assertNotFailed = (run: Run): void => {
    if (run.status === "failed") throw new Error("The onboarding failed.");
  };
  const showRun = (run: Run): void => {
    show(run, runLines);
    assertNotFailed(run);
  };

  withSeed(
    program
      .command("onboard")
      .description("create a tenant and print its key, which is shown only once")
      .argument("<name>")
      .requiredOption("--email <address>", "of the tenant's administrator (required)")
      .option("--plan <plan>", "free, team or enterprise; the API's default is team")
      .option("--external-id <id>", "your own id; repeating it finds the same tenant")
      .option("--members <addresses...>", "other people to invite, as ADDRESS or ADDRESS=ROLE; the role is user")
      .option("--documents <files...>", "its first documents: texts, and addresses to fetch")
      .option("--no-wait", "return before the onboarding has ended"),
  ).action(async (name: string, { email, members, documents, wait, ...more }: NewTenant & Waits) => {
    const first = documents && (await Promise.all(documents.map(documentOf)));
    const people = members && { members: members.map(memberOf) };
    const body = { name, admin: { email }, ...people, ...more, ...(first ? { documents: first } : {}) };
    const created = await unwrap(client().POST("/api/v1/tenants", { body }));
    show(created, ({ tenant, apiKey, onboarding }) => [
      `tenant      ${tenant.id}  ${tenant.slug}`,
      `api key     ${apiKey ? apiKey.secret : "is shown only when the tenant is created"}`,
      `onboarding  ${onboarding.id}  ${onboarding.status}`,
    ]);
    if (!wait) return;
    const params = { path: { tenantId: created.tenant.id } };
    const run = await settled(() => unwrap(client().GET("/api/v1/tenants/{tenantId}/onboarding", { params })));
    // The output is one JSON document: the one with the key, which must not wait.
    if (program.opts<{ json?: true }>().json) assertNotFailed(run);
    else showRun(run);
  });

  withSeed(
    program
      .command("onboarding")
      .description("the tenant's onboarding run, step by step")
      .option("--retry", "go on from the step that failed, also with a corrected question or expected text"),
  )
    .option("--no-seed-answer", "the answer may contain any text")
    .option("--no-wait", "with --retry: return before the run has ended")
    .action(async ({ retry, wait, ...given }: Retry) => {
      const { seedAnswer, ...question } = given;
      const seed = { ...question, ...(seedAnswer === undefined ? {} : { seedAnswer: seedAnswer || null }) };
      if (!retry && Object.keys(seed).length > 0) throw new Error("A question or an expected text needs --retry.");
      const run = await unwrap(client().GET("/api/v1/tenant/onboarding"));
      if (!retry) return showRun(run);
      const params = { path: { runId: run.id } };
      const retried = await unwrap(client().POST("/api/v1/onboarding/{runId}/retry", { params, body: seed }));
      if (!wait) return showRun(retried);
      showRun(await settled(() => unwrap(client().GET("/api/v1/onboarding/{runId}", { params }))));
    });
};

type Retry = Omit<Seed, "seedAnswer"> & Waits & { seedAnswer?: string | false; retry?: boolean };

const progressLine = ({ steps }: Run): string => {
  const done = steps.filter(({ status }) => status === "completed").length;
  const next = steps.find(({ status }) => status !== "completed");
  return `${done} of ${steps.length} steps${next ? `, now ${next.name}` : ""}`;
};

const memberRoles = ["tenant_admin", "user", "readonly"] as const;

/** @throws Error for another role */
const memberOf = (member: string) => {
  const [, email = member, given = "user"] = /^(.*)=(.*)$/.exec(member) ?? [];
  const role = memberRoles.find((name) => name === given);
  if (!role) throw new Error(`A member's role is ${memberRoles.join(", ")}, not "${given}".`);
  return { email, role };
};

/** @throws Error for a file that is no text */
const documentOf = async (source: string) => {
  if (/^https?:\/\//.test(source)) return { url: source };
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(source));
    return { name: basename(source), text };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Error(`${source} is no UTF-8 text. Create the tenant without it, and send it with \`resolve upload\`.`);
  }
};

const runLines = ({ status, durationMs, steps }: Run): string[] => [
  `${status} ${durationMs} ms`,
  ...steps.flatMap((step) => [
    `  ${step.name.padEnd(22)} ${step.status.padEnd(10)} ${step.durationMs ?? ""}`.trimEnd(),
    ...reasonsOf(step).map((line) => `      ${line}`),
  ]),
];

/** The fields of the result of `search.first_answer` that the caller may see. */
type FirstAnswer = {
  question?: string;
  isSeeded?: boolean;
  support?: number;
  supportMin?: number;
  waitsBecause?: string;
  documentName?: string;
  page?: number | null;
  quote?: string;
  expected?: string;
};

/** Why a step failed or waits, and the first question with its answer. */
const reasonsOf = ({ error, result }: Run["steps"][number]): string[] => {
  const { question, isSeeded, quote, documentName, page = null, ...first }: FirstAnswer = result ?? {};
  return [
    ...[error?.message, first.waitsBecause].flatMap((message) => message ?? []),
    ...(question === undefined ? [] : [`asked      ${question}${isSeeded ? "" : " (words of a document)"}`]),
    ...(quote === undefined
      ? []
      : [
          `quote      ${documentName}${placeOf({ page, sheet: null, cells: null })}  “${oneLine(quote)}”  support ${first.support?.toFixed(3)}, needed ${first.supportMin}`,
        ]),
    ...(first.expected === undefined ? [] : [`expected   ${first.expected}`]),
  ];
};
