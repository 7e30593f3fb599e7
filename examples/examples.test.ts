import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { system } from "../packages/acceptance/src/system.ts";
import { buildProgram } from "../packages/cli/src/program.ts";
import { ApiProblem, createClient, everyItem, unwrap, verifyWebhook } from "../packages/sdk/src/index.ts";

/** The command and the SDK against the running system, with the corpus of the demo. */
const directory = mkdtempSync(join(tmpdir(), "resolve-"));
afterAll(() => rmSync(directory, { recursive: true }));
let key: string;
const corpus = join(import.meta.dirname, "corpus");
const { company, questions } = JSON.parse(readFileSync(join(import.meta.dirname, "questions.json"), "utf8")) as {
  company: string;
  questions: { question: string; document: string; contains: string }[];
};

/** What the last command has printed, also when it failed. */
let printed: string[] = [];
/** The output of `resolve <args>`. */
const resolve = async (...args: string[]): Promise<string> => {
  printed = [];
  const env = { RESOLVE_API_URL: system.apiUrl, RESOLVE_API_KEY: key };
  const program = buildProgram({ print: (line) => printed.push(line), env, cwd: directory }).exitOverride();
  await program.parseAsync(args, { from: "user" });
  return printed.join("\n");
};

test("resolve onboard creates a tenant with a valid key", async () => {
  key = system.operatorKey;
  const made = JSON.parse(
    await resolve("--json", "onboard", company, "--email", "admin@halden.example", "--plan", "team"),
  );
  expect(made.tenant).toMatchObject({ name: company, plan: "team" });
  key = made.apiKey.secret;
  expect(await resolve("ready")).toBe("ok: database ok, queue ok, cache ok");
});

test("resolve upload sends the corpus and waits until all documents are ready", async () => {
  const files = readdirSync(corpus).map((name) => join(corpus, name));
  const lines = (await resolve("upload", ...files)).split("\n");
  expect(lines).toHaveLength(files.length);
  for (const line of lines) expect(line).toMatch(/^doc_\w{26} {2}ready .* \d+ chunks$/);
  expect((await resolve("documents")).split("\n").sort()).toEqual(lines.sort());
  expect((await resolve("documents", "--limit", "2")).split("\n")).toHaveLength(2);
}, 60_000);

test("resolve upload prints the reason when a file fails", async () => {
  const file = join(directory, "empty.pdf");
  writeFileSync(file, "%PDF-1.7 and nothing more");
  await expect(resolve("upload", file)).rejects.toThrow("1 of 1 documents failed");
});

test("resolve delete and restore print the new status, and fail for refused documents", async () => {
  const [line] = (await resolve("documents", "--limit", "1")).split("\n");
  const [id] = line!.split("  ");
  expect(await resolve("delete", id!)).toBe(`${id}  deleting`);
  expect(await resolve("documents")).not.toContain(id);
  expect(await resolve("restore", id!)).toMatch(new RegExp(`^${id}  (ready|failed)$`));
  await expect(resolve("cancel", id!)).rejects.toThrow("1 of 1 were refused");
});

test("resolve reindex follows a job to its end, and resolve jobs and job list it", async () => {
  expect(await resolve("reindex")).toMatch(/^job_\w+ {2}completed {3}reindex {3}\d+ documents$/);
  const [line] = (await resolve("jobs")).split("\n");
  const [id] = line!.split("  ");
  expect(await resolve("job", id!)).toBe(line);
  await expect(resolve("job", id!, "pause")).rejects.toThrow("job-conflict");
  await expect(resolve("job", id!, "stop")).rejects.toThrow("paused, resumed or cancelled");
  expect(await resolve("reembed", "hash-v0")).toMatch(/completed {3}reembed/);
});

test.each(questions)("$question", async ({ question, document, contains }) => {
  const { data } = JSON.parse(await resolve("--json", "search", question));
  const hit = data.find((one: { document: { name: string }; chunk: { text: string } }) =>
    one.chunk.text.includes(contains),
  );
  expect(hit?.document.name).toBe(document);
});

test("resolve answer prints the answer with its quotes, or that the documents do not support one", async () => {
  const [answer, support, quote, why] = (await resolve("answer", "What is the notice period for employees?")).split(
    "\n",
  );
  expect(answer).toContain("notice period");
  expect(support).toMatch(/^support [\d.]+, needed 0\.5; quoted from:$/);
  expect(quote).toMatch(/^ {4}(contract\.docx|handbook\.pdf, page \d+).* {2}“.*”$/);
  expect(why).toMatch(/^ {8}support: [\d.]+; words in it: .*notice/);
  const [refused, label, nearest, missing] = (await resolve("answer", "Who is the landlord of the workshop?")).split(
    "\n",
  );
  expect(refused).toMatch(/^no answer: the documents do not support one \(support [\d.]+, needed 0\.5\)$/);
  expect(label).toBe("nearest sentences, which probably do not answer it:");
  expect(nearest).toMatch(/^ {4}\S+\.\w+.* {2}“.*”$/);
  expect(missing).toMatch(/^ {8}support: [\d.]+; .*missing: landlord/);
  const [nothing, ...rest] = (await resolve("answer", "zqxv")).split("\n");
  expect([nothing, rest]).toEqual(["no answer: the search found no document for this question", []]);
});

test("resolve answer --file prints the support of each question", async () => {
  const file = join(directory, "questions.txt");
  writeFileSync(file, "# Staff\nWhat is the notice period for employees?\n\nWho is the landlord of the workshop?\n");
  const [answered, refused] = (await resolve("answer", "--file", file)).split("\n");
  expect(answered).toMatch(
    /^0\.\d{3} {2}What is the notice period for employees\? {2}“.*” \((contract\.docx|handbook\.pdf)\)$/,
  );
  expect(refused).toMatch(/^0\.[0-4]\d\d {2}Who is the landlord of the workshop\? {2}no answer$/);
});

test("resolve onboard creates a tenant from documents and a question, and resolve onboarding shows why the first answer failed", async () => {
  const file = join(directory, "lease.md");
  writeFileSync(file, "# Lease\n\nThe rent of Heron House is EUR 910 a month.");
  const own = key;
  key = system.operatorKey;
  const question = ["--seed-question", "What is the rent of Heron House?"];
  const made = ["onboard", "Heron House", "--email", "ida@heron.example", "--documents", file, ...question];
  await expect(resolve(...made.slice(0, -2), "--seed-answer", "EUR 910")).rejects.toThrow("invalid-request");
  await expect(resolve(...made.with(-3, join(corpus, "handbook.pdf")))).rejects.toThrow("no UTF-8 text");
  await expect(resolve("--json", ...made, "--seed-answer", "EUR 190")).rejects.toThrow("The onboarding failed.");
  key = JSON.parse(printed.join("\n")).apiKey.secret;
  await expect(resolve("onboarding")).rejects.toThrow("The onboarding failed.");
  const lines = printed.map((line) => line.trim());
  expect(lines).toContain("asked      What is the rent of Heron House?");
  expect(lines).toContain("expected   EUR 190");
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^quote {6}lease\.md {2}“The rent of Heron House is EUR 910 a month\.” {2}support 0\.\d{3}, needed 0\.5$/,
    ),
  );
  await expect(resolve("onboarding", "--seed-answer", "EUR 910")).rejects.toThrow("--retry");
  expect(await resolve("onboarding", "--retry", "--seed-answer", "EUR 910")).toMatch(/^completed /);
  key = own;
}, 60_000);

test("resolve audit lists who did what, and --verify ends with the entry to note for the next time", async () => {
  const { body } = await system.caller(key)("POST", "/groups", { name: "Legal" });
  const to = new Date(Date.now() + 60_000).toISOString();
  const lines = (await resolve("audit", "--actions", "group.create,group.delete")).split("\n");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(` apiKey:key_\\w+ +group\\.create +${body.group.id}  {"name":"Legal"}$`));
  const [said, note] = (await resolve("audit", "--verify", "--to", to)).split("\n");
  expect(said).toMatch(/^\d+ entries, 1 to \d+: valid$/);
  const [, noted] = /^note the last entry: (\d+:[0-9a-f]{64})$/.exec(note!)!;
  expect(await resolve("audit", "--verify", "--to", to, "--noted", noted!)).toContain(": valid");
  const other = noted!.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
  await expect(resolve("audit", "--verify", "--to", to, "--noted", other)).rejects.toThrow("not as it was recorded");
  expect(printed[0]).toBe(`the log has no entry ${other.replace(":", " with the hash ")}`);
  await expect(resolve("audit", "--verify", "--actor", "system:test")).rejects.toThrow("no filter");
});

test("resolve access-review lists members, invitations and valid keys with what they may reach, also as a table", async () => {
  const owner = system.caller(key);
  const { apiKey } = (await owner("POST", "/api-keys", { name: '=1+1 "x", y', scopes: ["search:query"] })).body;
  const revoked = (await owner("POST", "/api-keys", { name: "gone" })).body.apiKey.id;
  await owner("DELETE", `/api-keys/${revoked}`);
  const group = (await owner("POST", "/groups", { name: "Reviewers" })).body.group.id;
  await owner("POST", `/groups/${group}/members`, { apiKeyIds: [apiKey.id] });
  await owner("POST", "/collections", { name: "Reviews", access: { groupIds: [group] } });
  const rows = JSON.parse(await resolve("--json", "access-review"));
  const find = (id: string) => rows.find((row: { id: string }) => row.id === id);
  expect(find(apiKey.id)).toMatchObject({
    ...{ kind: "apiKey", role: "user", status: "valid", permissions: ["search:query"], lastUsedAt: null },
    ...{ groups: ["Reviewers"], namedByCollections: ["Reviews"], onlyCollections: null },
  });
  expect(find(revoked)).toBeUndefined();
  expect(rows).toContainEqual(expect.objectContaining({ kind: "invitation", email: "admin@halden.example" }));
  const [head, ...lines] = (await resolve("access-review", "--csv")).split("\n");
  expect(head).toMatch(/^kind,id,name,email,role,status,permissions,groups,/);
  expect(lines).toHaveLength(rows.length);
  // A name is text, not a formula.
  expect(lines.find((line) => line.includes(apiKey.id))).toContain(
    `${apiKey.id},"'=1+1 ""x"", y",,user,valid,search:query`,
  );
});

test("resolve finds the credentials of any data directory, and names the file that it lacks", async () => {
  const credentials = { apiUrl: system.apiUrl, demo: { apiKey: key } };
  writeFileSync(join(directory, "credentials.json"), JSON.stringify(credentials));
  const lines: string[] = [];
  const run = (data: string) =>
    buildProgram({ print: (line) => lines.push(line), env: {}, cwd: import.meta.dirname })
      .exitOverride()
      .parseAsync(["--data", data, "ready"], { from: "user" });
  await run(directory);
  expect(lines).toEqual(["ok: database ok, queue ok, cache ok"]);
  await expect(run("nowhere")).rejects.toThrow(join(import.meta.dirname, "nowhere", "credentials.json"));
});

const page = (name: string) => readFileSync(join(import.meta.dirname, "../docs", name), "utf8");
const run = promisify(execFile);

test("the program of docs/sdk.md asks a question", async () => {
  const [, program] = /```js\n([\s\S]*?)```/.exec(page("sdk.md"))!;
  const ask = async (question: string) => {
    // As in a file of that folder, from which the import is resolved.
    const cwd = join(import.meta.dirname, "../packages/cli");
    const env = { ...process.env, RESOLVE_API_URL: system.apiUrl, RESOLVE_API_KEY: key };
    const words = ["ask.mjs", ...question.split(" ")];
    return (await run(process.execPath, ["--input-type=module", "-e", program!, ...words], { cwd, env })).stdout;
  };
  expect(await ask("What is the notice period for employees?")).toMatch(
    /notice period[\s\S]*\.(pdf|docx).*: “.*”\n {4}has: /,
  );
  expect(await ask("Who is the landlord of the workshop?")).toMatch(
    /^No answer: not-supported, support 0.*misses: .*landlord/s,
  );
}, 30_000);

test("the onboarding call of docs/first-steps.md creates a tenant whose run completes", async () => {
  const [call] = [...page("first-steps.md").matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block!.includes('"seedAnswer"') ? [block!] : [],
  );
  const env = { ...process.env, API: system.apiUrl, OPERATOR_KEY: system.operatorKey };
  const made = JSON.parse((await run("bash", ["-c", call!], { env })).stdout);
  const client = createClient({ apiUrl: system.apiUrl, apiKey: made.apiKey.secret });
  const status = async () => (await unwrap(client.GET("/api/v1/tenant/onboarding"))).status;
  await expect.poll(status, { timeout: 30_000 }).toBe("completed");
}, 60_000);

test("resolve tenant prints how much support answers need, and changes it", async () => {
  expect(await resolve("tenant")).toContain("support min  0.5");
  expect(await resolve("tenant", "--support-min", "0.6")).toContain("support min  0.6");
  expect(await resolve("tenant", "--support-min", "0.5")).toContain("support min  0.5");
});

// Questions that a new user asked, and that got a wrong answer with a citation. The end of the contract follows from its beginning and
// duration: whether that sentence is an answer depends on the other documents of the tenant.
test.each([
  ["What is the capital of France?", null],
  ["Who is the CEO of Halden Optics?", null],
  ["When does the contract with the customer end?", "runs for two years", "or none"],
  ["What is X?", null],
  ["What is the price of HL-002?", "24.00"],
  ["Do blue filter lenses change colours?", "Slightly towards yellow"],
])("%s is answered by %s", async (question, expected, orNone = "") => {
  const found = JSON.parse(await resolve("--json", "answer", question));
  const { answer, support, supportMin, citations, abstained, related = [] } = found;
  expect(supportMin).toBe(0.5);
  if (expected === null || (orNone && answer === null)) {
    const reason = expect.stringMatching(/^(not-supported|nothing-found)$/);
    expect([answer, abstained]).toEqual([null, { reason }]);
    expect(support).toBeLessThan(0.5);
  } else {
    expect(answer).toContain(expected);
    expect(answer).not.toContain("?");
    expect(support).toBeGreaterThanOrEqual(0.5);
  }
  // Why: the words of the question that each quote has, and where the quote is, also of the sentences that are no answer.
  const client = createClient({ apiUrl: system.apiUrl, apiKey: key });
  for (const { documentId, charStart, charEnd, quote, words, support: own } of answer === null ? related : citations) {
    const whole = client.GET("/api/v1/documents/{documentId}/text", { params: { path: { documentId } } });
    expect((await unwrap(whole)).text.slice(charStart, charEnd)).toBe(quote);
    for (const word of words) expect(question.toLowerCase()).toContain(word);
    expect(own).toBeLessThanOrEqual(support);
  }
});

test("resolve search, onboarding and events print readable lines", async () => {
  expect(await resolve("search", "notice period", "--limit", "1")).toMatch(/^\S+(, page \d+)? .*\n {4}\S/);
  expect(await resolve("onboarding")).toContain("isolation.probe");
  expect(await resolve("events")).toMatch(/^ +1 {2}\d{4}-.* tenant\.created /);
});

test("resolve events follows the log behind an event cursor, and commits what it printed", async () => {
  expect(await resolve("cursor", "erp", "0")).toMatch(/^erp +0 {2}\d+ behind$/);
  const first = await resolve("events", "--cursor", "erp", "--follow", "--limit", "2");
  expect(first.split("\n").map((line) => line.trim().split("  ")[0])).toEqual(["1", "2"]);
  expect(await resolve("cursor", "erp")).toMatch(/^erp +2 {2}/);
  expect(await resolve("events", "--after", "2", "--types", "document.ready", "--limit", "1")).toMatch(
    /^ +\d+ {2}\S+ {2}document\.ready {2}doc_/,
  );
  await expect(resolve("events", "--follow", "--types", "no.such")).rejects.toThrow("invalid-request");
  expect(await resolve("cursors")).toContain("erp");
  expect(await resolve("cursor", "erp", "--delete")).toBe("");
  await expect(resolve("cursor", "erp")).rejects.toThrow("not-found");
});

test("resolve webhooks creates, changes, tests, disables, recovers and removes an endpoint", async () => {
  const hooks = (...args: string[]) => resolve("webhooks", ...args);
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(String(request.headers["x-team"]));
    request.resume().on("end", () => response.writeHead(received.length === 1 ? 503 : 204).end());
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;

  const made = await hooks(
    "create",
    url,
    "--header",
    "x-team: legal",
    "--header",
    "x-b:1",
    "--types",
    "document.ready",
  );
  expect(made).toMatch(/^whk_\w{26} {2}enabled {3}http.*\nsecret {2}whsec_/);
  const id = made.slice(0, 30);
  expect(await hooks("list")).toContain(id);
  const changed = await hooks("update", id, "--types", "all", "--max-per-second", "50", "--ordered");
  expect(changed).not.toContain("eventTypes");
  expect(changed).toMatch(/ordered +true[\s\S]*maxPerSecond +50/);
  expect(await hooks("update", id, "--max-per-second", "none", "--filter", '{"version": [1]}')).not.toContain(
    "PerSecond",
  );
  await expect(hooks("update", id, "--filter", "{")).rejects.toThrow("must be JSON");

  const delivery = await hooks("test", id);
  await expect
    .poll(() => hooks("attempts", delivery), { timeout: 40_000 })
    .toMatch(/ 1 {2}\S+ {2}503 {2}status {2}\d+ ms/);
  await expect.poll(() => hooks("deliveries", id, "--status", "delivered"), { timeout: 40_000 }).toContain(delivery);
  expect(await hooks("retry", delivery)).toContain(delivery);
  await expect.poll(() => hooks("metrics", id), { timeout: 40_000 }).toMatch(/attempts +3\nsucceeded +2/);
  expect(received).toEqual(["legal", "legal", "legal"]);

  expect(await hooks("rotate-secret", id, "--overlap-seconds", "0")).toContain("secret  whsec_");
  expect(await hooks("disable", id)).toContain("disabled");
  await expect(hooks("recover", id, "--since", new Date(0).toISOString())).rejects.toThrow("webhook-conflict");
  expect(await hooks("enable", id)).toContain("enabled");
  const recovery = await hooks("recover", id, "--since", new Date(Date.now() - 60_000).toISOString());
  expect(recovery).toMatch(/^job_\w{26} {2}queued$/);
  expect(await resolve("job", recovery.slice(0, 30))).toContain("completed");
  expect(await hooks("replay", id, "--after", "0", "--until", "1")).toMatch(/^job_/);
  expect(await hooks("delete", id)).toBe("");
  await expect(hooks("get", id)).rejects.toThrow("not-found");
  server.close();
}, 120_000);

test("a refusal contains its code, its hint and its request id", async () => {
  const client = createClient({ apiUrl: system.apiUrl, apiKey: key });
  const path = { documentId: "doc_01j9x000000000000000000000" };
  const refused = await unwrap(client.GET("/api/v1/documents/{documentId}", { params: { path } })).catch((e) => e);
  expect(refused).toBeInstanceOf(ApiProblem);
  expect(refused.problem).toMatchObject({ code: "not-found", status: 404, requestId: expect.stringMatching(/^req_/) });
  expect(() => createClient({ apiUrl: "http://127.0.0.1", apiKey: key })).toThrow("must end in /api");
});

test("everyItem follows the cursor to the last page", async () => {
  const client = createClient({ apiUrl: system.apiUrl, apiKey: key });
  const pages = everyItem((cursor) =>
    unwrap(client.GET("/api/v1/documents", { params: { query: { limit: 2, ...(cursor ? { cursor } : {}) } } })),
  );
  const ids = new Set<string>();
  for await (const { id } of pages) ids.add(id);
  expect(ids.size).toBe(readdirSync(corpus).length + 1);
});

test("verifyWebhook accepts a delivery of Resolve and rejects a modified body", async () => {
  const received = Promise.withResolvers<{ body: string; headers: Record<string, string> }>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk) => chunks.push(chunk))
      .on("end", () => {
        response.end();
        received.resolve({
          body: Buffer.concat(chunks).toString(),
          headers: request.headers as Record<string, string>,
        });
      });
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const client = createClient({ apiUrl: system.apiUrl, apiKey: key });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const { webhook, secret } = await unwrap(client.POST("/api/v1/webhooks", { body: { url } }));
  await unwrap(client.POST("/api/v1/webhooks/{webhookId}/test", { params: { path: { webhookId: webhook.id } } }));
  const { body, headers } = await received.promise;
  expect(verifyWebhook(body, headers, secret).type).toBe("webhook.test");
  expect(() => verifyWebhook(body.replace("webhook.test", "webhook.tost"), headers, secret)).toThrow();
  server.close();
}, 30_000);
