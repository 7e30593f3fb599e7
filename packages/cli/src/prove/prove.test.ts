import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@resolve/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram } from "../program.ts";
import type { Check, Context } from "./check.ts";
import { UsageError } from "./command.ts";
import { type Local, startLocal } from "./local.ts";
import { prove, type Report } from "./run.ts";
import { caller, clientOf } from "./tenant.ts";

/** `resolve prove` against a system that runs already. */
let system: Local;
const directory = mkdtempSync(join(tmpdir(), "resolve-"));
beforeAll(async () => {
  system = await startLocal();
});
afterAll(async () => {
  await system?.close();
  rmSync(directory, { recursive: true, force: true });
});

const resolve = async (...words: string[]): Promise<string[]> => {
  const lines: string[] = [];
  const program = buildProgram({ print: (line) => lines.push(line), env: {}, cwd: directory });
  await program.parseAsync(words, { from: "user" });
  return lines;
};
const out = join(directory, "out");
const verify = () => resolve("prove", "verify", out, "--api", system.apiUrl);
const read = (name: string) => readFileSync(join(out, name), "utf8");

/** The objects that a tenant still has, read by the operator. */
const leftIn = async (tenantId: string) => {
  const call = caller(system.apiUrl, system.operatorKey, new AbortController().signal);
  const headers = { "x-resolve-tenant": tenantId, "x-resolve-reason": "what the proof left" };
  const list = async (path: string) => {
    const { status, json } = await call("GET", `/api/v1/${path}?limit=100`, { headers });
    expect(status, path).toBe(200);
    return json["data"] as Record<string, unknown>[];
  };
  return {
    documents: await list("documents"),
    webhooks: await list("webhooks"),
    collections: await list("collections"),
  };
};
const nothing = { documents: [], webhooks: [], collections: [] };

test("a page is printed, written, signed and verified", async () => {
  const lines = await resolve(
    "prove",
    "--api",
    system.apiUrl,
    "--key",
    system.operatorKey,
    "--only",
    "onboarding,keys",
    "--out",
    out,
  );
  const page = lines.join("\n");
  expect(page).toContain("2 of 2 promises were kept.");
  expect(page).toContain("--only onboarding");
  for (const text of [page, read("prove.md"), read("prove.json")]) expect(text).not.toContain(system.operatorKey);
  const [line] = await verify();
  expect(line).toMatch(
    /^Signed on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC by resolve\/local, asked by apiKey:key_\w+; the signature is valid/,
  );

  const { tenantIds } = JSON.parse(read("prove.json")) as Report;
  expect(tenantIds).toHaveLength(2);
  for (const id of tenantIds) {
    expect(await leftIn(id)).toEqual(nothing);
    expect(page).toContain(id);
  }
}, 240_000);

test.each(["prove.md", "prove.json"])("a changed %s fails the verification", async (name) => {
  const text = read(name);
  writeFileSync(join(out, name), text.replace("onboarding", "0nboarding"));
  await expect(verify()).rejects.toThrow(`${name} is not the file that was signed.`);
  writeFileSync(join(out, name), text);
  await verify();
});

test("a changed signature fails the verification", async () => {
  const jws = read("prove.jws");
  const [header, payload, signature] = jws.split(".") as [string, string, string];
  const said = JSON.parse(Buffer.from(payload, "base64url").toString());
  const changed = Buffer.from(JSON.stringify({ ...said, iat: said.iat + 1 })).toString("base64url");
  const none = Buffer.from(JSON.stringify({ alg: "none", typ: "resolve-proof" })).toString("base64url");
  for (const forged of [`${header}.${changed}.${signature}`, `${none}.${payload}.`, "nothing"]) {
    writeFileSync(join(out, "prove.jws"), forged);
    await expect(verify()).rejects.toThrow("The signature is not by a key of");
  }
  rmSync(join(out, "prove.jws"));
  await expect(verify()).rejects.toThrow("the page was not signed");
  writeFileSync(join(out, "prove.jws"), jws);
});

/** Creates one object of each kind. */
const make = async ({ a, b }: Context) => {
  const { collection } = await unwrap(b.client.POST("/api/v1/collections", { body: { name: "Box" } }));
  await unwrap(b.client.POST("/api/v1/documents", { body: { name: "x.txt", text: "x", collectionId: collection.id } }));
  await unwrap(a.client.POST("/api/v1/webhooks", { body: { url: "https://resolve-prove.invalid/" } }));
  await unwrap(a.client.POST("/api/v1/api-keys", { body: { name: "more" } }));
};
const target = () => ({ apiUrl: system.apiUrl, operatorKey: system.operatorKey });
const check = (run: Check["run"]): Check => ({ name: "own", promise: "It works", limit: "none", run });

test("the objects of a failed check are removed, and its keys are revoked", async () => {
  let context: Context | undefined;
  const failing = check(async (given) => {
    context = given;
    await make(given);
    throw new Error("the check broke");
  });
  const finish = async (report: Report) => report;
  const report = await prove(target(), [failing], { signal: new AbortController().signal, progress: () => {}, finish });
  expect(report.results).toMatchObject([{ passed: false, detail: ["wrong: the check broke"] }]);
  const removed = report.cleanup.removed.split(", ").toSorted();
  expect(removed).toEqual(["1 collection", "1 webhook", "2 invitations", "3 API keys", "7 documents"]);
  // The API cannot delete tenants: nothing else remains.
  expect(report.cleanup.remains).toEqual(report.tenantIds.map((id) => expect.stringContaining(id)));
  for (const id of report.tenantIds) expect(await leftIn(id)).toEqual(nothing);
  for (const { key } of [context!.a, context!.b]) {
    const { status } = await caller(system.apiUrl, key, new AbortController().signal)("GET", "/api/v1/documents");
    expect(status).toBe(401);
  }
}, 240_000);

test("an interrupted proof removes the objects that it created", async () => {
  const ending = new AbortController();
  const endless = check(async (context) => {
    await make(context);
    ending.abort(new Error("interrupted"));
    return new Promise(() => {});
  });
  const finish = async (report: Report) => report;
  const report = await prove(target(), [endless], { signal: ending.signal, progress: () => {}, finish });
  expect(report.interrupted).toBe("it was interrupted");
  for (const id of report.tenantIds) expect(await leftIn(id)).toEqual(nothing);
}, 240_000);

test("wrong use ends with another error than a broken promise", async () => {
  const key = ["--key", system.operatorKey];
  const wrong = [
    ["prove"],
    ["prove", "--api", "ftp://x/api", ...key],
    ["prove", "--api", system.apiUrl],
    ["prove", "--local", "--api", system.apiUrl],
    ["prove", "--api", system.apiUrl, ...key, "--only", "nothing"],
    ["prove", "--api", system.apiUrl, ...key, "--only", "crash"],
  ];
  for (const words of wrong) await expect(resolve(...words), words.join(" ")).rejects.toThrow(UsageError);
  expect(existsSync(join(directory, "prove.md"))).toBe(false);
});

test("a key that is not the operator's proves nothing and leaves no objects", async () => {
  const { apiKey } = await unwrap(
    clientOf(system.apiUrl, system.operatorKey, new AbortController().signal).POST("/api/v1/tenants", {
      body: { name: "Acme", admin: { email: "ada@acme.example" } },
    }),
  );
  const words = ["prove", "--api", system.apiUrl, "--key", apiKey!.secret, "--out", join(directory, "refused")];
  await expect(resolve(...words)).rejects.toThrow("Not proven.");
  expect(readFileSync(join(directory, "refused/prove.md"), "utf8")).toContain("403 forbidden");
});
