import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { functions, queues, routes, tasks } from "../packages/functions/src/topology.ts";
import { requestTimeoutSeconds } from "../packages/sdk/src/index.ts";
import { pascal } from "./names.ts";
import { type Stage, stageOf } from "./stage.ts";
import { type EvaluatedName, type Evaluation, evaluated, root, variants } from "./testing/evaluation.ts";

const production = evaluated("production");
const instance = production.one("rds/instance:Instance", "Database");

/** The parameter's value on an instance class with this much memory, in the parameter's own unit. */
const parameter = (evaluation: Evaluation, name: string, memoryGib = 64): number => {
  const { parameters } = evaluation.one("rds/parameterGroup:ParameterGroup", "DatabaseParameters");
  const { value } = parameters.find((one: { name: string }) => one.name === name);
  const [, divisor] = /^\{DBInstanceClassMemory\/(\d+)\}$/.exec(value) ?? [];
  return divisor ? Math.floor((memoryGib * 1024 ** 3) / Number(divisor)) : Number(value);
};
const pagesInGib = (pages: number) => (pages * 8) / 1024 ** 2;

describe("the database has the blueprint's figures", () => {
  it("D-1 F-11 PostgreSQL 15 in RDS's default minor version", () => {
    expect(instance).toMatchObject({ engine: "postgres", engineVersion: "15", autoMinorVersionUpgrade: true });
    expect(production.one("rds/parameterGroup:ParameterGroup", "DatabaseParameters")["family"]).toBe("postgres15");
  });
  it("D-2 db.r6g.2xlarge", () => {
    expect(instance["instanceClass"]).toBe("db.r6g.2xlarge");
  });
  it("D-3 S-5 F-52 500 GB of gp3 with 12,000 IOPS, encrypted, with autoscaling", () => {
    expect(instance).toMatchObject({ allocatedStorage: 500, storageType: "gp3", iops: 12_000, storageEncrypted: true });
    expect(instance["maxAllocatedStorage"]).toBeGreaterThan(500);
  });
  it("D-4 T-10 T-11 two zones in production stages, one zone elsewhere", () => {
    const isDouble = (stage: EvaluatedName) => evaluated(stage).one("rds/instance:Instance", "Database")["multiAz"];
    expect((["production", "production-lean", "staging", "developer"] as const).map(isDouble)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
  it("D-5 30 days of backups, with the blueprint's backup and maintenance windows", () => {
    expect(instance).toMatchObject({
      backupRetentionPeriod: 30,
      backupWindow: "03:00-04:00",
      maintenanceWindow: "sun:04:00-sun:05:00",
      copyTagsToSnapshot: true,
    });
  });
  it("D-6 Performance Insights for 7 days, and enhanced monitoring every minute", () => {
    expect(instance).toMatchObject({
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
      monitoringInterval: 60,
    });
  });
  it("D-7 500 connections", () => {
    expect(parameter(production, "max_connections")).toBe(500);
  });
  it("D-8 F-8 shared_buffers is a quarter of the memory: 16 GB of 64", () => {
    expect(pagesInGib(parameter(production, "shared_buffers"))).toBe(16);
    expect(pagesInGib(parameter(production, "shared_buffers", 32))).toBe(8);
  });
  it("D-9 F-8 effective_cache_size is three quarters of the memory: 48 GB of 64", () => {
    expect(pagesInGib(parameter(production, "effective_cache_size"))).toBeCloseTo(48, 1);
  });
  it("D-10 work_mem 16 MB, maintenance_work_mem 512 MB, wal_buffers 16 MB", () => {
    expect(parameter(production, "work_mem")).toBe(16 * 1024);
    expect(parameter(production, "maintenance_work_mem")).toBe(512 * 1024);
    expect(parameter(production, "wal_buffers") * 8).toBe(16 * 1024);
  });
  it("D-11 checkpoint_completion_target 0.9, random_page_cost 1.1", () => {
    expect(parameter(production, "checkpoint_completion_target")).toBe(0.9);
    expect(parameter(production, "random_page_cost")).toBe(1.1);
  });
  it("D-18 F-51 a stage can have a read replica, whose address the API has beside the primary's; none has one by default, since it costs as much as the primary in one zone", () => {
    const withReplica = evaluated("production-domain");
    const replica = withReplica.one("rds/instance:Instance", "ReadReplica");
    expect(replica).toMatchObject({ replicateSourceDb: "resolve-production", instanceClass: "db.r6g.2xlarge" });
    expect(withReplica.link("ReplicaDatabase")).toEqual({
      url: "postgres://resolve-production-replica.rds.example:5432/resolve?sslmode=verify-full",
      // A rotation changes the password of both.
      secretArn: withReplica.link("AppDatabase")["secretArn"],
    });
    expect(production.all("rds/instance:Instance").size).toBe(1);
    expect(production.links()).not.toContain("ReplicaDatabase");
    expect(functions.api.links).toContain("ReplicaDatabase");
  });
  it("D-19 RDS Proxy requires TLS and has one secret per user", () => {
    const proxy = production.one("rds/proxy:Proxy", "DatabaseProxy");
    expect(proxy).toMatchObject({ engineFamily: "POSTGRESQL", requireTls: true });
    const users = proxy["auths"].map(({ secretArn }: { secretArn: string }) => secretArn.split("/").at(-1));
    expect(users).toEqual(["api_a", "api_b", "worker_a", "worker_b", "system_a", "system_b"]);
    for (const name of ["App", "Worker", "System"])
      expect(production.link(`${name}Database`)["url"]).toMatch(
        /^postgres:\/\/resolve-production\.proxy\.example:5432\/resolve\?sslmode=verify-full$/,
      );
    for (const name of ["Builder", "Master"])
      expect(production.link(`${name}Database`)["url"]).toBe(
        "postgres://resolve-production.rds.example:5432/resolve?sslmode=verify-full",
      );
  });

  it("parameters that need a restart wait for one", () => {
    const { parameters } = production.one("rds/parameterGroup:ParameterGroup", "DatabaseParameters");
    const waiting = parameters.filter((one: { applyMethod: string }) => one.applyMethod === "pending-reboot");
    expect(waiting.map(({ name }: { name: string }) => name)).toEqual([
      "max_connections",
      "shared_buffers",
      "wal_buffers",
    ]);
  });

  it("F-52 requires TLS, logs slow statements without their parameters, and ends idle transactions", () => {
    for (const [name, value] of Object.entries({
      "rds.force_ssl": 1,
      log_min_duration_statement: 500,
      log_parameter_max_length: 0,
      idle_in_transaction_session_timeout: 30_000,
    }))
      expect(parameter(production, name), name).toBe(value);
    expect(instance["enabledCloudwatchLogsExports"]).toEqual(["postgresql", "upgrade"]);
    for (const log of ["postgresql", "upgrade"])
      expect(production.one("cloudwatch/logGroup:LogGroup", `DatabaseLog${log}`)).toMatchObject({
        name: `/aws/rds/instance/resolve-production/${log}`,
        retentionInDays: 90,
      });
  });

  it("F-52 production's database has deletion protection and a final snapshot", () => {
    const last = { deletionProtection: true, skipFinalSnapshot: false };
    expect(instance).toMatchObject({ ...last, finalSnapshotIdentifier: "resolve-production-final" });
    expect(evaluated("developer").one("rds/instance:Instance", "Database")).toMatchObject({
      deletionProtection: false,
    });
  });

  it("sst dev creates no database and links the developer's own", () => {
    const evaluation = evaluated("developer-dev");
    expect(evaluation.resources.filter(({ type }) => type.startsWith("aws:rds/"))).toEqual([]);
    expect(evaluation.link("WorkerDatabase")["url"]).toBe("postgres://worker_a@127.0.0.1:5432/resolve");
    expect(evaluation.link("MasterDatabase")["url"]).toBe("postgres://postgres@127.0.0.1:5432/resolve");
  });

  it("the migrator runs before any other code is deployed, when the migrations or the database have changed", async () => {
    const migration = production.one("lambda/invocation:Invocation", "Migration");
    expect(migration["functionName"]).toBe(production.one("lambda/function:Function", "MigrateFunction")["name"]);
    expect(Object.keys(migration["triggers"]).sort()).toEqual(["database", "migrations"]);
    for (const type of ["lambda/function:Function", "ecs/service:Service"])
      for (const name of production.all(type).keys())
        if (name !== "MigrateFunction") expect(production.waitsFor(type, name), name).toContain("Migration");
    expect(production.waitsFor("lambda/invocation:Invocation", "Migration")).toEqual(
      expect.arrayContaining(["DatabaseProxyTarget", "Nat1", "App1RoutesOfSubnet"]),
    );
  });
});

describe("names", () => {
  it("the name of the parameter group contains its family, since both groups exist during an upgrade", () => {
    const { name, family } = production.one("rds/parameterGroup:ParameterGroup", "DatabaseParameters");
    expect(name).toBe(`resolve-production-${family}`);
  });
});

describe("capacity", () => {
  /** Concurrent transactions when everything runs: at most one per invocation, and one per login in a task. */
  const demand = (evaluation: Evaluation, { reserveConcurrency }: Stage): number => {
    const isServing = (link: string) => ["AppDatabase", "WorkerDatabase", "SystemDatabase"].includes(link);
    const serving = Object.entries(functions).filter(([, { links }]) => links.some(isServing));
    const fed = new Map(Object.entries(queues).map(([queue, { consumer }]) => [consumer as string, queue]));
    const invocations = serving.map(([name]) => {
      const queue = fed.get(name);
      if (queue === undefined)
        return evaluation.one("lambda/function:Function", `${pascal(name)}Function`)["reservedConcurrentExecutions"];
      const [, mapping] = [...evaluation.all("lambda/eventSourceMapping:EventSourceMapping")].find(([name]) =>
        name.startsWith(`${pascal(queue)}QueueSubscriber`),
      )!;
      return mapping["scalingConfig"].maximumConcurrency;
    });
    // A new account has ten concurrent executions in all; in a larger account invocations wait for RDS Proxy.
    const functionsMax = reserveConcurrency ? sum(invocations) : 10;
    const ofTasks = Object.entries(tasks).map(
      ([name, { links }]) => tasksMax(evaluation, name) * links.filter(isServing).length,
    );
    return functionsMax + sum(ofTasks);
  };
  const tasksMax = (evaluation: Evaluation, name: string): number =>
    evaluation.one("appautoscaling/target:Target", `${pascal(name)}AutoScalingTarget`)["maxCapacity"];
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);

  // The domain's variant has a read replica.
  it.each(["production", "production-domain", "production-lean", "staging"] as const)(
    "F-9 %s: RDS Proxy has a connection for every concurrent transaction, and the remaining ones are enough for builders",
    (stage) => {
      const evaluation = evaluated(stage);
      const { connectionPoolConfig } = evaluation.one(
        "rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
        "DatabaseProxyTargets",
      );
      const max = parameter(evaluation, "max_connections");
      const proxied = Math.floor((max * connectionPoolConfig.maxConnectionsPercent) / 100);
      expect(demand(evaluation, stageOf(variants[stage].stage))).toBeLessThanOrEqual(proxied);
      // One builder per task, two connections each for migrator and rotation, and three that PostgreSQL reserves for
      // superusers.
      const direct = tasksMax(evaluation, "vector-worker") + 2 + 2 + 3;
      expect(proxied + direct).toBeLessThanOrEqual(max);
    },
  );

  it("D-18 F-9 the replica has a connection for each concurrent request, since RDS Proxy serves the primary only", () => {
    const evaluation = evaluated("production-domain");
    const replica = evaluation.one("rds/instance:Instance", "ReadReplica");
    // The same group as the primary's: a standby refuses to start with fewer connections than its primary.
    const primary = evaluation.one("rds/instance:Instance", "Database");
    expect(replica["parameterGroupName"]).toBe(primary["parameterGroupName"]);
    const readers = Object.entries(functions).filter(([, { links }]) => links.includes("ReplicaDatabase"));
    expect(readers.map(([name]) => name).sort()).toEqual([...new Set(Object.values(routes))].sort());
    const requests = readers.map(
      ([name]) => evaluation.one("lambda/function:Function", `${pascal(name)}Function`)["reservedConcurrentExecutions"],
    );
    // Three connections are reserved for superusers, and replication uses one.
    expect(sum(requests) + 3 + 1).toBeLessThanOrEqual(parameter(evaluation, "max_connections"));
    const [target] = [...evaluation.all("rds/proxyTarget:ProxyTarget").values()];
    expect(target!["dbInstanceIdentifier"]).toBe(primary["identifier"]);
  });

  it("D-18 the replica is as protected as the primary, is not backed up, and takes settings that AWS copies from it", () => {
    const evaluation = evaluated("production-domain");
    const [replica, primary] = ["ReadReplica", "Database"].map((name) => evaluation.one("rds/instance:Instance", name));
    for (const same of ["caCertIdentifier", "performanceInsightsKmsKeyId", "deletionProtection"])
      expect(replica![same], same).toEqual(primary![same]);
    // RDS refuses or ignores these for a replica in the same region: they are its source's.
    for (const copied of [
      "engine",
      "username",
      "password",
      "dbName",
      "allocatedStorage",
      "kmsKeyId",
      "dbSubnetGroupName",
    ])
      expect(replica, copied).not.toHaveProperty(copied);
    expect(replica!["backupRetentionPeriod"]).toBeUndefined();
    expect(evaluation.waitsFor("rds/instance:Instance", "ReadReplica")).toContain("Database");
  });

  it("F-9 a developer's stage has no proxy, and enough connections for the ten executions of a new account", () => {
    const developer = evaluated("developer");
    expect(developer.resources.filter(({ type }) => /rds.*Proxy/.test(type))).toEqual([]);
    for (const name of ["AppDatabase", "WorkerDatabase", "SystemDatabase", "BuilderDatabase"])
      expect(developer.link(name)["url"]).toContain(`//resolve-${variants.developer.stage}.rds.example:5432/`);
    expect(developer.link("ProxyLogins")).toEqual({ users: {} });
    const direct = tasksMax(developer, "vector-worker") + 2 + 2 + 3;
    expect(demand(developer, stageOf("developer")) + direct).toBeLessThanOrEqual(
      parameter(developer, "max_connections"),
    );
  });

  it("P-6 F-32 each timeout contains the inner ones: SDK 10 s > API 8 s ≥ 5 s for a connection + 3 s for a statement", async () => {
    const roles = await readFile(join(root, "packages/core/migrations/0001_baseline.sql"), "utf8");
    const [, statementSeconds] = /'api', .*'(\d+)s', '1s'/.exec(roles)!;
    const { connectionPoolConfig } = production.one(
      "rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
      "DatabaseProxyTargets",
    );
    const { timeoutSeconds } = functions.api;
    expect(Number(statementSeconds)).toBe(3);
    expect(connectionPoolConfig.connectionBorrowTimeout + Number(statementSeconds)).toBeLessThanOrEqual(timeoutSeconds);
    expect(timeoutSeconds).toBeLessThan(requestTimeoutSeconds);
  });
});
