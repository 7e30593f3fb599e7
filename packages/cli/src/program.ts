import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { createClient, documentSettled, type Resolve, type Schemas, unwrap, uploadDocument } from "@resolve/sdk";
import { Command, InvalidArgumentError, Option } from "commander";
import { addAccessCommands } from "./access.ts";
import { addAccessReviewCommand } from "./access-review.ts";
import { addAuditCommand } from "./audit.ts";
import { addCostCommand } from "./cost.ts";
import { addDeadLetterCommands } from "./dead-letters.ts";
import { addEventCommands } from "./events.ts";
import { addJobCommands } from "./jobs.ts";
import { addKeyCommands } from "./keys.ts";
import { addLoginCommands, fetchAs } from "./login.ts";
import { addMeCommands } from "./me.ts";
import { addOnboardingCommands } from "./onboarding.ts";
import { showFirst } from "./pages.ts";
import { addPeopleCommands } from "./people.ts";
import { addProveCommand } from "./prove/command.ts";
import { addQuestionCommands } from "./questions.ts";
import { findSession } from "./sessions.ts";
import { addStatusCommand } from "./status.ts";
import { addTenantCommands } from "./tenants.ts";
import { addUsageCommands } from "./usage.ts";
import { addWebhookCommands } from "./webhooks.ts";

export type Surroundings = {
  print(line: string): void;
  /** Replaces the last line of a terminal; does nothing for other outputs. */
  progress?(line: string): void;
  /** Replaces the content of the terminal; missing for other outputs. */
  screen?: ((lines: string[]) => void) | undefined;
  /** Asks the person in front of the terminal. */
  ask?(question: string, options?: { isSecret?: boolean }): Promise<string>;
  /** The exit code of a command that succeeds with a result other than the expected one. */
  exitWith?(code: number): void;
  env: Record<string, string | undefined>;
  /** The directory that contains `.local/credentials.json`. */
  cwd: string;
};
type Global = {
  data?: string;
  apiUrl?: string;
  key?: string;
  operator?: boolean;
  json?: boolean;
  tenant?: string;
  reason?: string;
};

/** The `resolve` command. It uses the public API only. */
export const buildProgram = ({
  print,
  progress = () => {},
  screen,
  ask,
  exitWith = () => {},
  env,
  cwd,
}: Surroundings): Command => {
  const program = new Command("resolve")
    // Throws instead of ending the process; `main.ts` chooses the exit code.
    .exitOverride()
    .description("The command line of a Resolve API: on this machine after `npm start`, or of any stage.")
    .option("--api-url <url>", "URL that ends in /api (default: RESOLVE_API_URL, then the local credentials)")
    .option(
      "--key <key>",
      "API key, or a person's access token (default: RESOLVE_API_KEY, then who has signed in with `login`, then the demo tenant's)",
    )
    .option("--operator", "use the operator's key of the local credentials")
    .option("--tenant <id>", "act in this tenant, as its member or as the operator")
    .option("--reason <text>", "the operator's reason, for that tenant's audit log")
    .option("--data <directory>", "where `npm start --data` keeps its credentials (default: .local)")
    .option("--json", "print the API's response");

  const client = (): Resolve => {
    const options = program.opts<Global>();
    const { apiUrl, key } = credentials(options, env, cwd);
    const { tenant: tenantId, reason } = options;
    const inside = tenantId ? { inside: { tenantId, ...(reason ? { reason } : {}) } } : {};
    const as = key === undefined ? { apiKey: "", fetch: fetchAs(env, apiUrl) } : { apiKey: key };
    return createClient({ apiUrl, ...as, ...inside });
  };
  /** Prints the response as JSON with `--json`, otherwise as lines of text. */
  const show = <T>(result: T, lines: (result: T) => string[]): void => {
    if (program.opts<Global>().json) print(JSON.stringify(result, null, 2));
    else for (const line of lines(result)) print(line);
  };

  addOnboardingCommands(program, { client, show, progress });

  program
    .command("upload")
    .description("send files and wait until they can be searched")
    .argument("<files...>")
    .option("--no-wait", "return when the bytes are stored")
    .option("--external-id <id>", "your own id of the one file; repeating it makes a new version of the same document")
    .addOption(
      new Option("--hidden-text <how>", "what to do with text that its application does not show").choices(hiddenTexts),
    )
    .action(async (files: string[], { wait, externalId, hiddenText }: UploadOptions) => {
      if (externalId && files.length > 1) throw new InvalidArgumentError("--external-id takes one file.");
      const api = client();
      let failed = 0;
      for (const file of files) {
        const bytes = new Uint8Array(await readFile(file));
        const stored = await uploadDocument(api, {
          name: basename(file),
          contentType: "application/octet-stream",
          bytes,
          ...(externalId ? { externalId } : {}),
          ...(hiddenText ? { reading: { hiddenText } } : {}),
        });
        const document = wait ? await documentSettled(api, stored.id) : stored;
        if (document.status === "failed") failed += 1;
        show(document, documentLines);
      }
      if (failed > 0) throw new Error(`${failed} of ${files.length} documents failed`);
    });

  program
    .command("documents")
    .description("list documents, newest first")
    .option("--limit <number>", "the largest number of items", positive, 100)
    .action(async ({ limit }: { limit: number }) => {
      const api = client();
      await showFirst(
        limit,
        (query) => unwrap(api.GET("/api/v1/documents", { params: { query } })),
        (document) => show(document, (one) => [documentLine(one)]),
      );
    });

  program
    .command("fetch")
    .description("make documents of addresses and wait until they can be searched")
    .argument("<urls...>")
    .action(async (urls: string[]) => {
      const api = client();
      let failed = 0;
      for (const url of urls) {
        const { document } = await unwrap(api.POST("/api/v1/documents", { body: { url } }));
        const settled = await documentSettled(api, document.id);
        if (settled.status === "failed") failed += 1;
        show(settled, documentLines);
      }
      if (failed > 0) throw new Error(`${failed} of ${urls.length} documents failed`);
    });

  const moves = {
    delete: "take documents out of lists and search; they are purged after a week",
    restore: "bring deleted documents back",
    retry: "process failed documents again",
    cancel: "stop documents that are under way",
  } as const;
  // A literal object has exactly the keys of its type.
  for (const [action, description] of Object.entries(moves) as [keyof typeof moves, string][])
    program
      .command(action)
      .description(description)
      .argument("<ids...>")
      .action(async (documentIds: string[]) => {
        const { data } = await unwrap(client().POST("/api/v1/documents/bulk", { body: { action, documentIds } }));
        show(data, (all) =>
          all.map(
            ({ documentId, status, problem }) => `${documentId}  ${status ?? `${problem?.code}: ${problem?.detail}`}`,
          ),
        );
        const refused = data.filter(({ problem }) => problem !== null).length;
        if (refused > 0) throw new Error(`${refused} of ${data.length} were refused`);
      });

  addQuestionCommands(program, { client, show, positive, exitWith });
  addJobCommands(program, { client, show, progress });
  addEventCommands(program, { client, show, positive });
  addAccessReviewCommand(program, { client, show, print });
  addAuditCommand(program, { client, show, positive });
  addKeyCommands(program, { client, show });
  addUsageCommands(program, { client, show });
  addStatusCommand(program, { client, show, screen });
  addAccessCommands(program, { client, show });
  addPeopleCommands(program, { client, show });
  addTenantCommands(program, { client, show });
  addWebhookCommands(program, { client, show, positive });
  addDeadLetterCommands(program, { client, show });
  addCostCommand(program, { client, show });
  addMeCommands(program, { client, show });
  addLoginCommands(program, { print, ask, env, apiUrl: () => addressOf(program.opts<Global>(), env, cwd).apiUrl });
  addProveCommand(program, { print, progress, env, cwd });

  program
    .command("ready")
    .description("can the API serve requests")
    .action(async () => {
      const { data, error } = await client().GET("/api/ready");
      // A response without data has the same body as an error, with the status 503.
      const state = data ?? error!;
      show(state, ({ status, database, queue, cache, reasons }) => [
        `${status}: database ${database}, queue ${queue}, cache ${cache}`,
        ...Object.entries(reasons ?? {}).map(([part, reason]) => `${part}: ${reason}`),
      ]);
      if (!data) throw new Error("the API is not available");
    });

  return program;
};

const hiddenTexts = ["leave-out", "index"] as const;
type HiddenText = (typeof hiddenTexts)[number];
type UploadOptions = { wait: boolean; externalId?: string; hiddenText?: HiddenText };

const positive = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("must be a whole number from 1.");
  return number;
};

type Local = { apiUrl?: string; adminApiKey?: string; demo?: { apiKey: string } };

/** The options, then the environment, then the credentials that `npm start` wrote. */
const addressOf = (options: Global, env: Surroundings["env"], cwd: string): { apiUrl: string; local: Local } => {
  const file = resolve(cwd, options.data ?? ".local", "credentials.json");
  const local: Local = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const apiUrl = options.apiUrl ?? env["RESOLVE_API_URL"] ?? local.apiUrl;
  if (!apiUrl)
    throw new Error(
      `No API is configured, and ${file} names none: run \`npm start\` here, name its --data, or set --api-url (RESOLVE_API_URL).`,
    );
  return { apiUrl, local };
};

/** A key, or none when a person has signed in. */
const credentials = (options: Global, env: Surroundings["env"], cwd: string): { apiUrl: string; key?: string } => {
  const { apiUrl, local } = addressOf(options, env, cwd);
  const given = options.key ?? env["RESOLVE_API_KEY"];
  if (given === undefined && !options.operator && findSession(env, apiUrl)) return { apiUrl };
  const key = given ?? (options.operator || options.tenant ? local.adminApiKey : local.demo?.apiKey);
  if (!key) throw new Error("No credential is configured: run `resolve login`, or set --key (RESOLVE_API_KEY).");
  return { apiUrl, key };
};

const documentLine = ({ id, status, name, pages, chunks, warnings, failure }: Schemas["Document"]): string => {
  const warned = warnings.length > 0 ? `, ${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"}` : "";
  const size = status === "ready" ? `${pages ? `${pages} pages, ` : ""}${chunks} chunks${warned}` : "";
  return `${id}  ${status.padEnd(10)}  ${name}  ${failure ? `${failure.code}: ${failure.message} ${failure.hint}` : size}`.trimEnd();
};

/** The document, and below it what its reader left out or could not read. */
const documentLines = (document: Schemas["Document"]): string[] => [
  documentLine(document),
  ...document.warnings.flatMap(({ code, message, hint, count, places }) => [
    `    ${code} (${count}): ${message}${places.length > 0 ? ` (${places.join(", ")})` : ""}`,
    `        ${hint}`,
  ]),
];
