import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const traceId = "1-5759e988-bd862e3fe1be46a994272793";

/** A traced function calls a service as AWS's clients do, and as the others do. */
const calls = `
  await import(${JSON.stringify(new URL("./telemetry.ts", import.meta.url).href)});
  const { default: http } = await import("node:http");
  const url = process.env.SERVICE_URL;
  await new Promise((done) => http.get(url + "/one", (response) => response.resume().on("end", done)));
  await (await fetch(url + "/two")).text();
`;

test("a traced function sends X-Ray a segment of each call to another service", async () => {
  const sent: string[] = [];
  const daemon = createSocket("udp4").on("message", (message) => sent.push(message.toString()));
  daemon.bind(0, "127.0.0.1");
  const service = createServer((_, response) => response.end()).listen(0, "127.0.0.1");
  await Promise.all([once(daemon, "listening"), once(service, "listening")]);
  const { port } = service.address() as AddressInfo;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", calls], {
    env: {
      ...process.env,
      // Vitest's configuration sets it to false.
      POWERTOOLS_TRACE_ENABLED: "true",
      SERVICE_URL: `http://127.0.0.1:${port}`,
      // What Lambda sets.
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      LAMBDA_TASK_ROOT: "/var/task",
      _X_AMZN_TRACE_ID: `Root=${traceId};Parent=53995c3f42cd8ad8;Sampled=1`,
    },
  });
  await expect.poll(() => sent.length).toBeGreaterThanOrEqual(2);
  // The first line names the format.
  const segments = sent.map((message) => JSON.parse(message.slice(message.indexOf("\n") + 1)));
  for (const segment of segments) expect(segment).toMatchObject({ name: "127.0.0.1", trace_id: traceId });
  expect(segments.map(({ http }) => new URL(http.request.url).pathname)).toEqual(["/one", "/two"]);
  daemon.close();
  service.close();
});
