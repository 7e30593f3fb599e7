import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DescribeReplayCommand, EventBridgeClient, StartReplayCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram } from "../../cli/src/program.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** The drill of docs/event-bridge.md: its commands, against the local runtime. */
let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

const page = readFileSync(join(import.meta.dirname, "../../../docs/event-bridge.md"), "utf8");
const drill = page.slice(page.indexOf("## Replaying the archive"));
const commands = /```sh\n([^`]+)```/.exec(drill)![1]!.trim().split("\n");

test("the drill replays the archive, and no event, delivery or attempt is added", async () => {
  const { key, call, uuid } = await system.newTenant();
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(String(request.headers["webhook-id"]));
    request.resume().on("end", () => response.end());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { body } = await call("POST", "/webhooks", {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  });
  const webhookId: string = body.webhook.id;
  const startedAt = new Date(Date.now() - 1_000);
  await call("POST", "/documents", { name: "a.txt", text: "The notice period of a lease is three months." });
  // The replay must find a tenant in which nothing happens any more: its onboarding has ended too.
  const open = async () =>
    (
      await system.admin`
      select (select count(*) from app.webhook_deliveries where tenant_id = ${uuid} and status <> 'delivered')::int
        + (select count(*) from app.outbox where tenant_id = ${uuid})::int
        + (select count(*) from app.onboarding_runs where tenant_id = ${uuid} and status in ('running', 'waiting'))::int
        + (select count(*) from app.documents where tenant_id = ${uuid} and status <> 'ready')::int as n`
    )[0]!["n"];
  await expect.poll(open, { timeout: 90_000 }).toBe(0);
  // An event on its way from the bus to its fan-out is in none of these tables.
  await new Promise((done) => setTimeout(done, 5_000));
  await expect.poll(open, { timeout: 90_000 }).toBe(0);
  expect(received.length).toBeGreaterThan(2);

  const { endpoint } = system.runtime.resources["Bus"] as { endpoint: string };
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const bus = new EventBridgeClient({ endpoint, region: "us-east-1", credentials });
  const files: Record<string, string> = {};
  const before = received.length;
  for (const command of commands) {
    const [program, ...args] = command.replace("WEBHOOK", webhookId).split(" ");
    if (program === "resolve") {
      const file = args.pop()!;
      args.pop();
      const lines: string[] = [];
      const env = { RESOLVE_API_URL: system.runtime.apiUrl, RESOLVE_API_KEY: key };
      await buildProgram({ print: (line) => lines.push(line), env, cwd: "/" }).parseAsync(args, { from: "user" });
      files[file] = lines.join("\n");
    } else if (args.includes("start-replay")) {
      const option = (name: string) => args[args.indexOf(name) + 1]!;
      await bus.send(
        new StartReplayCommand({
          ReplayName: option("--replay-name"),
          EventSourceArn: option("--event-source-arn"),
          EventStartTime: startedAt,
          EventEndTime: new Date(Date.now() + 1_000),
          Destination: { Arn: option("--destination").replace("Arn=", "") },
        }),
      );
    } else {
      const { State } = await bus.send(new DescribeReplayCommand({ ReplayName: args.at(-1)! }));
      expect(State).toBe("COMPLETED");
      // The replayed events go through functions and queues.
      await new Promise((done) => setTimeout(done, 3_000));
    }
  }
  expect(files["events.before"]!.split("\n").length).toBeGreaterThan(2);
  expect(files["deliveries.before"]).toContain("1 attempts");
  expect([files["events.after"], files["deliveries.after"]]).toEqual([
    files["events.before"],
    files["deliveries.before"],
  ]);
  expect(received.length).toBe(before);
  bus.destroy();
  server.close();
}, 180_000);
