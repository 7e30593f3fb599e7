import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The program with pnpm itself, against a registry that knows one vulnerability. */

const root = join(import.meta.dirname, "..");
const directory = mkdtempSync(join(tmpdir(), "resolve-audit-"));
const accepted = join(directory, "accepted.json");
const id = "GHSA-abcd-1234-wxyz";
const advisory = {
  id: 1,
  url: `https://github.com/advisories/${id}`,
  title: "A made-up vulnerability",
  severity: "high",
  vulnerable_versions: "<99.0.0",
  cwe: ["CWE-1"],
  cvss: { score: 7.5, vectorString: null },
};
let hasAudit = true;
let severity = "high";
/** The packages of the last request. */
let asked: string[] = [];
const registry = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    if (!hasAudit || !request.url?.endsWith("/advisories/bulk")) return response.writeHead(404).end("{}");
    const bytes = Buffer.concat(parts);
    const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
    asked = Object.keys(JSON.parse(body.toString()));
    return response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ hono: [{ ...advisory, severity }] }));
  });
});
beforeAll(async () => {
  await once(registry.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => {
  registry.close();
  rmSync(directory, { recursive: true });
});

const audit = async (entries: object[]) => {
  writeFileSync(accepted, JSON.stringify(entries));
  const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  const path = `${join(root, "node_modules/.bin")}:${process.env["PATH"]}`;
  const env = { ...process.env, PATH: path, pnpm_config_registry: url, npm_config_registry: url };
  const child = spawn(process.execPath, ["scripts/audit-dependencies.ts", "--accepted", accepted], { cwd: root, env });
  const [out, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code, said: `${out}${error}` };
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const entry = { id, package: "hono", reason: "The function is not called by our code.", until: inDays(30) };

test("a known high vulnerability of a production dependency fails, a lesser one does not", async () => {
  const found = await audit([]);
  expect(found.code).toBe(1);
  expect(found.said).toContain(advisory.title);
  expect(asked).toContain("postgres");
  expect(asked).not.toContain("vitest");
  severity = "moderate";
  expect((await audit([])).code).toBe(0);
  severity = "high";
});

test("one that is accepted with a reason fails again after the day of its entry", async () => {
  const passed = await audit([entry]);
  expect([passed.code, passed.said]).toEqual([0, expect.stringContaining(`is accepted until ${entry.until}`)]);
  const late = await audit([{ ...entry, until: inDays(-1) }]);
  expect([late.code, late.said]).toEqual([1, expect.stringContaining("which is over")]);
});

test("a registry without an audit is said and fails, as nothing was checked", async () => {
  hasAudit = false;
  const { code, said } = await audit(JSON.parse(readFileSync(join(root, "scripts/accepted-advisories.json"), "utf8")));
  hasAudit = true;
  expect([code, said]).toEqual([2, expect.stringContaining("Nothing was checked")]);
});

test.each([
  ["without an advisory", { id: "CVE-2026-1" }, "`id`"],
  ["without a reason", { reason: "fine" }, "`reason`"],
  ["without an end", { until: undefined }, "`until`"],
  ["for longer than half a year", { until: inDays(200) }, "`until`"],
])("an entry %s is refused", async (_, wrong, said) => {
  const refused = await audit([{ ...entry, ...wrong }]);
  expect([refused.code, refused.said]).toEqual([2, expect.stringContaining(said)]);
});
