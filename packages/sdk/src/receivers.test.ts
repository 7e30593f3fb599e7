import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test, vi } from "vitest";

/** The receivers of docs/receiving-webhooks.md, run as they stand there. */
const page = readFileSync(join(import.meta.dirname, "../../../docs/receiving-webhooks.md"), "utf8");
const codeOf = (language: string): string => new RegExp(`\`\`\`${language}\\n([^]*?)\n\`\`\``).exec(page)![1]!;
const hasPython = spawnSync("python3", ["--version"]).status === 0;

let child: ChildProcess | undefined;
let directory: string | undefined;
afterEach(() => {
  child?.kill();
  if (directory) rmSync(directory, { recursive: true });
  directory = undefined;
});

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      // A server that listens on TCP has a port.
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

describe.each([
  ["ts", process.execPath, "receiver.ts", true],
  ["python", "python3", "receiver.py", hasPython],
])("the receiver in %s", (language, command, file, isAvailable) => {
  test.runIf(isAvailable)(
    "accepts what is signed, once, with either secret of a rotation, and refuses all else",
    async () => {
      // Below the package, so that imports find its dependencies.
      directory = mkdtempSync(join(import.meta.dirname, "receiver-"));
      writeFileSync(join(directory, file), codeOf(language));
      const secret = `whsec_${randomBytes(32).toString("base64")}`;
      const port = await freePort();
      let printed = "";
      child = spawn(command, [join(directory, file)], {
        env: { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) },
      });
      child.stdout!.on("data", (data) => (printed += data));

      const body = JSON.stringify({ id: "evt_1", type: "document.ready", sequence: 7, data: { name: "Größe" } });
      const headersOf = (id: string, at = new Date(), signer = new Webhook(secret)) => ({
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": signer.sign(id, at, body),
      });
      const post = async (headers: Record<string, string>, text = body) =>
        (await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body: text })).status;

      await vi.waitFor(async () => expect(await post(headersOf("dlv_1"))).toBe(204), {
        timeout: 30_000,
        interval: 200,
      });
      expect(await post(headersOf("dlv_1"))).toBe(204);
      const rotated = headersOf("dlv_2");
      const other = new Webhook(randomBytes(32).toString("base64"));
      rotated["webhook-signature"] = `${other.sign("dlv_2", new Date(), body)} ${rotated["webhook-signature"]}`;
      expect(await post(rotated)).toBe(204);
      expect(await post(headersOf("dlv_3"), body.replace("7", "8"))).toBe(400);
      expect(await post({ ...headersOf("dlv_4"), "webhook-id": "dlv_5" })).toBe(400);
      expect(await post(headersOf("dlv_6", new Date(Date.now() - 400_000)))).toBe(400);
      expect(await post(headersOf("dlv_7", new Date(), other))).toBe(400);
      // Requests of strangers: no headers, and some that are no times and no signatures.
      expect(await post({})).toBe(400);
      const strange = { "webhook-timestamp": "soon", "webhook-signature": "v1,\u00e9" };
      expect(await post({ ...headersOf("dlv_8"), ...strange })).toBe(400);
      expect(await post({ ...headersOf("dlv_9"), "webhook-signature": "v1,\u00e9" })).toBe(400);
      await vi.waitFor(() => expect(printed.trim().split("\n")).toHaveLength(2));
      expect(JSON.parse(printed.split("\n")[0]!)).toEqual(JSON.parse(body));
    },
  );
});
