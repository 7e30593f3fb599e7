import { createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { databaseLinks, testDatabase } from "@resolve/local/testing";
import postgres from "postgres";
import { median, percentile, spread } from "./statistics.ts";

const rounds = 9;
const callsPerRound = 300;

/**
 * `authentication`: what the API does before it checks a permission, in this process: a token with keys and memberships in
 * memory, a token whose memberships are read, and an API key. Tokens are signed with RS256, as Cognito's are.
 */
export const authentication = async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" }] };
  const issuer = createServer((_, response) => response.end(JSON.stringify(keys)));
  await once(issuer.listen(0, "127.0.0.1"), "listening");
  const endpoint = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;

  const database = await testDatabase();
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({
    ...JSON.parse(databaseLinks(database)),
    UserPool: { id: "us-east-1_Benchmark", clientId: "web", region: "us-east-1", endpoint },
  });
  const { authenticate, bootstrapPlatform, findPerson, forgetPeople, verifyToken } = await import(
    "@resolve/core/identity"
  );
  const { adminApiKey } = await bootstrapPlatform({ rotate: true });
  const admin = postgres(database.url(), { max: 1, onnotice: () => {} });
  await admin`insert into app.users (id, subject, email) values ('01900000-0000-7000-8000-000000000001', 'ada', 'ada@acme.example')`;
  await admin`insert into app.memberships (tenant_id, user_id, role)
    select id, '01900000-0000-7000-8000-000000000001', 'admin' from app.tenants`;

  const seconds = Math.floor(Date.now() / 1000);
  const input = [
    { alg: "RS256", kid: "k1" },
    {
      iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Benchmark",
      sub: "ada",
      client_id: "web",
      token_use: "access",
      scope: "aws.cognito.signin.user.admin",
      auth_time: seconds,
      iat: seconds,
      exp: seconds + 3600,
    },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const token = `${input}.${createSign("sha256").update(input).sign(privateKey).toString("base64url")}`;

  const kinds: Record<string, () => Promise<unknown>> = {
    "token, memberships in memory": async () => findPerson(await verifyToken(token)),
    "token, memberships read": async () => {
      forgetPeople();
      return findPerson(await verifyToken(token));
    },
    "API key": () => authenticate(adminApiKey!),
  };
  const results = Object.entries(kinds).map(([name, call]) => ({ name, call, p50: [0], p95: [0], cpu: [0] }));
  for (const { call } of results) for (let warm = 0; warm < callsPerRound; warm += 1) await call();
  for (const result of results) result.p50 = result.p95 = result.cpu = [];
  for (let round = 0; round < rounds; round += 1)
    for (const result of results) {
      const times: number[] = [];
      const before = process.cpuUsage();
      for (let call = 0; call < callsPerRound; call += 1) {
        const start = performance.now();
        await result.call();
        times.push(performance.now() - start);
      }
      const { user, system } = process.cpuUsage(before);
      result.p50 = [...result.p50, median(times)];
      result.p95 = [...result.p95, percentile(times, 0.95)];
      result.cpu = [...result.cpu, (user + system) / 1000 / callsPerRound];
    }
  console.log(
    `milliseconds, ${rounds} interleaved rounds of ${callsPerRound} calls: p50, p95, CPU of the process for a call`,
  );
  for (const { name, p50, p95, cpu } of results)
    console.log(`${name.padEnd(30)} ${spread(p50, 3)}   ${spread(p95, 3)}   ${spread(cpu, 3)}`);
};
