import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { functions, tasks } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { type EvaluatedName, evaluated, root, variants } from "./testing/evaluation.ts";

const production = evaluated("production");
const logins = ["AppDatabase", "WorkerDatabase", "SystemDatabase", "BuilderDatabase", "MasterDatabase"];
/** Links to other secrets. */
const kept = ["Cache", "ApiKeyPepper", "OriginVerify"];

describe("passwords", () => {
  it("S-1 F-61 are in Secrets Manager; a link contains the secret's ARN and no password", () => {
    for (const name of logins) {
      const { name: secret } = production.one("secretsmanager/secret:Secret", `${name}Login`);
      expect(secret).toBe(`resolve/production/${name}`);
      const { url, secretArn, ...rest } = production.link(name);
      expect(secretArn).toMatch(new RegExp(`:secretsmanager:.*${secret}$`));
      expect(new URL(url)).toMatchObject({ username: "", password: "" });
      expect(rest).toEqual({});
    }
  });

  it("F-61 the key of an embedding service is in Secrets Manager too, readable only by its users", () => {
    const evaluation = evaluated("production-options");
    const { secretArn, ...link } = evaluation.link("Embedding");
    expect(link).toEqual({
      provider: "openai",
      baseUrl: "https://api.openai.com/v1",
      model: "text-embedding-3-small",
      secretVersion: expect.any(String),
    });
    expect(evaluation.secretOf("Embedding")).toBe("value-of-EmbeddingApiKey");
    for (const task of evaluation.all("ecs/taskDefinition:TaskDefinition").values())
      expect(JSON.stringify(task)).not.toContain("value-of-EmbeddingApiKey");
    const readers = [...evaluation.all("iam/role:Role")].filter(([, role]) => JSON.stringify(role).includes(secretArn));
    const embedding = Object.entries({ ...functions, ...tasks }).filter(([, { links }]) =>
      (links as readonly string[]).includes("Embedding"),
    );
    expect(readers.map(([name]) => name).sort()).toEqual(
      embedding.map(([name]) => `${pascal(name)}${name in tasks ? "TaskRole" : "Role"}`).sort(),
    );
  });

  it("S-1 F-61 the cache's token, the pepper of API keys and CloudFront's header are in Secrets Manager too, and a new value replaces the processes", () => {
    expect(production.secretOf("Cache")).toBe("value-of-UpstashRedisRestToken");
    for (const name of kept) {
      const value = production.secretOf(name);
      expect(value.length, name).toBeGreaterThanOrEqual(16);
      for (const [, { environment }] of production.all("lambda/function:Function"))
        expect(JSON.stringify(environment)).not.toContain(value);
      const { secretArn, ...rest } = production.link(name);
      expect(secretArn).toMatch(new RegExp(`:secretsmanager:.*resolve/production/${name}$`));
      expect(rest).toEqual({ secretVersion: expect.any(String), ...(name === "Cache" ? { url: rest["url"] } : {}) });
    }
    // Another generation of the header is another value, and so another version.
    const rotated = evaluated("production-domain").link("OriginVerify");
    expect(rotated["secretArn"]).toBe(production.link("OriginVerify")["secretArn"]);
    expect(rotated["secretVersion"]).not.toBe(production.link("OriginVerify")["secretVersion"]);
  });

  it("X-4 a container's environment has the address and the secret's ARN of its databases, but no password", () => {
    for (const name of Object.keys(tasks)) {
      const task = production.one("ecs/taskDefinition:TaskDefinition", `${pascal(name)}Task`);
      const [{ environment }] = JSON.parse(task["containerDefinitions"]) as [{ environment: Variable[] }];
      for (const { name, value } of environment.filter(({ name }) => name.endsWith("Database")))
        expect(Object.keys(JSON.parse(value)).sort(), name).toEqual(["secretArn", "type", "url"]);
    }
  });

  it("X-3 a container has NODE_ENV=production", () => {
    for (const name of Object.keys(tasks)) {
      const task = production.one("ecs/taskDefinition:TaskDefinition", `${pascal(name)}Task`);
      const [{ environment }] = JSON.parse(task["containerDefinitions"]) as [{ environment: Variable[] }];
      expect(environment).toContainEqual({ name: "NODE_ENV", value: "production" });
    }
  });

  it("S-2 F-31 Secrets Manager rotates each password every month with rotate-login", () => {
    const rotate = production.one("lambda/function:Function", "RotateLoginFunction");
    for (const name of logins) {
      const rotation = production.one("secretsmanager/secretRotation:SecretRotation", `${name}Rotation`);
      expect(rotation["rotationRules"]).toEqual({ automaticallyAfterDays: 30 });
      expect(rotation["rotationLambdaArn"]).toContain(rotate["name"]);
      expect(production.one("lambda/permission:Permission", `${name}RotationPermission`)).toMatchObject({
        function: rotate["name"],
        principal: "secretsmanager.amazonaws.com",
        sourceArn: production.link(name)["secretArn"],
      });
    }
    const alarm = production.one("cloudwatch/metricAlarm:MetricAlarm", "RotationFailed");
    expect(alarm).toMatchObject({ metricName: "Errors", dimensions: { FunctionName: rotate["name"] }, threshold: 1 });
  });

  it("a function reads the secrets of its own links; only migrator and rotation change secrets", () => {
    for (const [name, { links }] of Object.entries(functions)) {
      const policies: { policy: string }[] = production.one("iam/role:Role", `${pascal(name)}Role`)["inlinePolicies"];
      const statements = policies.flatMap(({ policy }) => JSON.parse(policy).Statement as Statement[]);
      const reached = (action: string) =>
        statements.flatMap(({ Action, Resource }) => (Action.includes(`secretsmanager:${action}`) ? Resource : []));
      const own = [...logins, ...kept].filter((link) => (links as readonly string[]).includes(link));
      const arns = own.map((link) => production.link(link)["secretArn"]);
      expect(reached("GetSecretValue").sort(), name).toEqual(arns.sort());
      const isChanger = ["migrate", "rotate-login"].includes(name);
      expect(reached("UpdateSecretVersionStage"), name).toHaveLength(isChanger ? 5 : 0);
      expect(reached("PutSecretValue"), name).toHaveLength(isChanger ? 11 : 0);
    }
  });
});

describe("secrets that an operator sets", () => {
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const documented = [...read("docs/infrastructure.md").matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);

  it.each(Object.keys(variants) as EvaluatedName[])("docs/infrastructure.md lists all secrets of %s", (name) => {
    const { settings }: { settings?: { identityProviders?: object } } = variants[name];
    // The table has one row for the client secrets of identity providers, whose names the stage chooses.
    const chosen = Object.keys(settings?.identityProviders ?? {}).map((provider) => `${provider}ClientSecret`);
    for (const secret of evaluated(name).secrets())
      expect(documented, secret).toContain(chosen.includes(secret) ? "NAMEClientSecret" : secret);
  });

  it("the preview job checks exactly the fallback secrets that a developer's stage needs", () => {
    const asked = /for name in ([\w ]+); do/.exec(read(".ci/fallbacks"))![1]!.split(" ");
    expect(asked.sort()).toEqual(evaluated("developer").secrets().sort());
    for (const name of asked)
      for (const page of ["docs/infrastructure.md", "docs/sst-dev.md"])
        expect(read(page), page).toMatch(new RegExp(`npx sst secret set ${name} "[^"]+" --fallback`));
  });
});

type Variable = { name: string; value: string };
type Statement = { Action: string[]; Resource: string[] };
