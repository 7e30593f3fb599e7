/// <reference path="../.sst/platform/config.d.ts" />
import { type DatabaseLink, databaseUsers } from "../packages/functions/src/topology.ts";
import { mapValues } from "./names.ts";
import type { Network } from "./network.ts";
import type { Recovered } from "./parts.ts";
import { retentionDays, type Stage } from "./stage.ts";

export type Database = ReturnType<typeof createDatabase>;

/** Logins that connect through RDS Proxy, if the stage has one. Builders and the master connect to the instance. */
const proxied: DatabaseLink[] = ["AppDatabase", "WorkerDatabase", "SystemDatabase"];
const [masterName] = databaseUsers.MasterDatabase;
const databaseName = "resolve";

/**
 * The name of an RDS resource. Pulumi's automatic name begins with a capital letter, which the AWS provider refuses for
 * RDS. Two resources cannot have the same explicit name, so Pulumi deletes the old resource before it creates the
 * replacement.
 */
const rdsName = (suffix?: string) => ["resolve", $app.stage, suffix].filter(Boolean).join("-");

export const createDatabase = (stage: Stage, network: Network, recovered?: Recovered) =>
  $dev ? developersOwn() : createManaged(stage, network, recovered);

/** `sst dev` runs the handlers on the developer's machine, with a PostgreSQL there. */
const developersOwn = () => {
  const url = new sst.Secret("DevDatabaseUrl", `postgres://${masterName}@127.0.0.1:5432/${databaseName}`).value;
  const links: Links = {
    ...mapUsers(([username], name) =>
      link(name, { url: url.apply((url) => Object.assign(new URL(url), { username }).href) }),
    ),
    ProxyLogins: link("ProxyLogins", { users: {} }),
  };
  return { links, secrets: undefined, proxySecrets: undefined, instance: undefined, watched: undefined, ready: [] };
};

const createManaged = (stage: Stage, network: Network, recovered: Recovered | undefined) => {
  const { instance, master, replica } = createInstance(stage, network, recovered);
  const newSecret = (login: string) => createSecret(stage, login);
  const secrets = mapUsers((_, name) => (name === "MasterDatabase" ? master : newSecret(name)));
  // RDS Proxy needs one secret per user (its guide, "Setting up database credentials"). A rotation writes both secrets.
  const throughProxy = stage.database.proxy ? proxied : [];
  const proxySecrets = Object.fromEntries(
    throughProxy.flatMap((name) => databaseUsers[name]).map((user) => [user, newSecret(user)]),
  );
  const pool = stage.database.proxy ? createProxy(stage, network, instance, proxySecrets) : undefined;

  const hostOf = (name: DatabaseLink) =>
    (pool && proxied.includes(name) ? pool.proxy.endpoint : instance?.address) ?? noHost;
  const address = (host: $util.Input<string>) =>
    $interpolate`postgres://${host}:5432/${databaseName}?sslmode=verify-full`;
  const links: Links = {
    ...mapValues(secrets, ({ arn }, name) => link(name, { url: address(hostOf(name)), secretArn: arn })),
    // The replica has the primary's users and their passwords.
    ...(replica && {
      ReplicaDatabase: link("ReplicaDatabase", {
        url: address(replica.address),
        secretArn: secrets.AppDatabase.arn,
      }),
    }),
    ProxyLogins: link("ProxyLogins", { users: mapValues(proxySecrets, ({ arn }) => ({ secretArn: arn })) }),
  };
  return {
    links,
    secrets,
    proxySecrets,
    instance,
    watched: instance && { proxy: pool?.proxy, replica },
    ready: [pool?.target, instance].filter((one) => one !== undefined),
  };
};

/** A standby has no database yet (RFC 2606: no such host exists). */
const noHost = "standby.invalid";

/** Restores the copies in this region to their last second. `migrate` then sets new passwords for the logins. */
const restoredFrom = ({ databaseBackupsArn }: Recovered) => ({
  restoreToPointInTime: { sourceDbInstanceAutomatedBackupsArn: databaseBackupsArn, useLatestRestorableTime: true },
});

/** D-1…D-11. */
const createInstance = (stage: Stage, network: Network, recovered: Recovered | undefined) => {
  const { instanceClass, storageGb, storageGbMax, iops, multiAz, backupDays } = stage.database;
  const identifier = rdsName();
  const password = new random.RandomPassword("MasterPassword", { length: 40, special: false }).result;
  const master = createSecret(stage, "MasterDatabase");
  new aws.secretsmanager.SecretVersion(
    "MasterDatabaseFirst",
    { secretId: master.id, secretString: $jsonStringify({ username: masterName, password }) },
    // A rotation has changed the value since.
    { ignoreChanges: ["secretString"] },
  );
  const key = new aws.kms.Key("DatabaseKey", {
    description: "Encrypts the database, its snapshots and its insights.",
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });
  const exported = ["postgresql", "upgrade"];
  const logsOf = (resource: string, identifier: string) =>
    exported.map((log) => createLog(stage, `${resource}Log${log}`, `instance/${identifier}/${log}`));
  const logs = logsOf("Database", identifier);
  const monitor = new aws.iam.Role("DatabaseMonitor", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "monitoring.rds.amazonaws.com" }),
    managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"],
  });
  const common = {
    instanceClass,
    storageType: "gp3",
    maxAllocatedStorage: storageGbMax,
    iops,
    parameterGroupName: createParameters(stage).name,
    caCertIdentifier: "rds-ca-rsa2048-g1",
    autoMinorVersionUpgrade: true,
    performanceInsightsEnabled: true,
    performanceInsightsRetentionPeriod: 7,
    performanceInsightsKmsKeyId: key.arn,
    monitoringInterval: 60,
    monitoringRoleArn: monitor.arn,
    enabledCloudwatchLogsExports: exported,
    maintenanceWindow: "sun:04:00-sun:05:00",
    copyTagsToSnapshot: true,
    deletionProtection: stage.permanent,
  } satisfies Partial<aws.rds.InstanceArgs>;
  const subnets = new aws.rds.SubnetGroup("DatabaseSubnets", { name: identifier, subnetIds: network.dataSubnetIds });
  if (stage.standby) return { instance: undefined, master, replica: undefined };
  const instance = new aws.rds.Instance(
    "Database",
    {
      ...common,
      identifier,
      engine: "postgres",
      // RDS takes its default minor version now, and later ones in the maintenance window (F-11).
      engineVersion: "15",
      ...(recovered ? restoredFrom(recovered) : { dbName: databaseName }),
      username: masterName,
      password,
      allocatedStorage: storageGb,
      storageEncrypted: true,
      vpcSecurityGroupIds: [network.databaseSecurityGroup.id],
      // A restored instance has the key of its backups; another key would replace the instance at each deployment.
      ...(recovered ? {} : { kmsKeyId: key.arn }),
      multiAz,
      dbSubnetGroupName: subnets.name,
      backupRetentionPeriod: backupDays,
      backupWindow: "03:00-04:00",
      skipFinalSnapshot: !stage.permanent,
      finalSnapshotIdentifier: `${identifier}-final`,
    },
    // A later deployment, with the same or another backup, must not restore again: that would replace the instance.
    { ignoreChanges: ["password", ...(recovered ? ["restoreToPointInTime"] : [])], dependsOn: logs },
  );
  const replica =
    network.replicaSecurityGroup &&
    new aws.rds.Instance(
      "ReadReplica",
      {
        ...common,
        identifier: rdsName("replica"),
        replicateSourceDb: instance.identifier,
        vpcSecurityGroupIds: [network.replicaSecurityGroup.id],
        skipFinalSnapshot: true,
      },
      { dependsOn: logsOf("ReadReplica", rdsName("replica")) },
    );
  return { instance, master, replica };
};

/**
 * D-7…D-11. RDS accepts no "16GB": a value is a whole number in the parameter's own unit (8 kB pages for buffers, kB
 * for work memory) or a formula of the instance class's memory (F-8).
 */
const createParameters = ({ database }: Stage) => {
  const atRestart = (name: string, value: string) => ({ name, value, applyMethod: "pending-reboot" });
  const now = (name: string, value: string) => ({ name, value, applyMethod: "immediate" });
  const family = "postgres15";
  return new aws.rds.ParameterGroup("DatabaseParameters", {
    // A parameter group in use cannot be deleted. A new family therefore gets a new name, so that both groups exist
    // during the change.
    name: rdsName(family),
    family,
    parameters: [
      atRestart("max_connections", String(database.maxConnections)),
      // A quarter and three quarters of the memory, in pages of 8 kB: bytes / (8192 × 4) and bytes / (8192 × 4 / 3).
      atRestart("shared_buffers", "{DBInstanceClassMemory/32768}"),
      now("effective_cache_size", "{DBInstanceClassMemory/10923}"),
      now("work_mem", String(16 * 1024)),
      now("maintenance_work_mem", String(512 * 1024)),
      atRestart("wal_buffers", String((16 * 1024) / 8)),
      now("checkpoint_completion_target", "0.9"),
      now("random_page_cost", "1.1"),
      now("rds.force_ssl", "1"),
      now("password_encryption", "scram-sha-256"),
      now("idle_in_transaction_session_timeout", "30000"),
      now("log_min_duration_statement", "500"),
      // Parameters of slow statements contain customers' text, so they are not logged.
      now("log_parameter_max_length", "0"),
      now("log_lock_waits", "1"),
      now("track_io_timing", "1"),
    ],
  });
};

/** D-19. The API's timeout of 8 s covers a wait of 5 s for a connection and a statement of 3 s. */
const createProxy = (
  stage: Stage,
  network: Network,
  instance: aws.rds.Instance | undefined,
  secretsByUser: Record<string, aws.secretsmanager.Secret>,
) => {
  const secrets = Object.values(secretsByUser);
  // RDS Proxy expects a user and a password in each secret. Nobody can log in with this text; `migrate` sets the first
  // password.
  const values = Object.entries(secretsByUser).map(
    ([username, { id }]) =>
      new aws.secretsmanager.SecretVersion(
        `${username}First`,
        { secretId: id, secretString: JSON.stringify({ username, password: "replaced-by-the-migrator" }) },
        { ignoreChanges: ["secretString"] },
      ),
  );
  const role = new aws.iam.Role("DatabaseProxyRole", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "rds.amazonaws.com" }),
    inlinePolicies: [
      {
        name: "logins",
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [{ actions: ["secretsmanager:GetSecretValue"], resources: secrets.map(({ arn }) => arn) }],
        }).json,
      },
    ],
  });
  const log = createLog(stage, "DatabaseProxyLog", `proxy/${rdsName()}`);
  if (!instance) return undefined;
  const proxy = new aws.rds.Proxy(
    "DatabaseProxy",
    {
      name: rdsName(),
      engineFamily: "POSTGRESQL",
      roleArn: role.arn,
      requireTls: true,
      idleClientTimeout: 1800,
      vpcSubnetIds: network.dataSubnetIds,
      vpcSecurityGroupIds: [network.proxySecurityGroup.id],
      auths: secrets.map(({ arn }) => ({
        authScheme: "SECRETS",
        iamAuth: "DISABLED",
        clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
        secretArn: arn,
      })),
    },
    { dependsOn: [...values, log] },
  );
  const targets = new aws.rds.ProxyDefaultTargetGroup("DatabaseProxyTargets", {
    dbProxyName: proxy.name,
    // The other 10 % are for builders, migrations, rotation and operators.
    connectionPoolConfig: { maxConnectionsPercent: 90, maxIdleConnectionsPercent: 50, connectionBorrowTimeout: 5 },
  });
  const target = new aws.rds.ProxyTarget("DatabaseProxyTarget", {
    dbProxyName: proxy.name,
    targetGroupName: targets.name,
    dbInstanceIdentifier: instance.identifier,
  });
  return { proxy, target };
};

/** If a log group did not exist, RDS would create it without a retention. */
const createLog = (stage: Stage, resource: string, path: string) =>
  new aws.cloudwatch.LogGroup(resource, {
    name: `/aws/rds/${path}`,
    retentionInDays: retentionDays[stage.logRetention],
  });

/** An empty secret; the migrator or a rotation sets its value. */
const createSecret = ({ permanent }: Stage, login: string) =>
  new aws.secretsmanager.Secret(`${login}Login`, {
    name: `resolve/${$app.stage}/${login}`,
    recoveryWindowInDays: permanent ? 30 : 0,
  });

const link = (name: string, properties: Record<string, unknown>) => new sst.Linkable(name, { properties });

type Links = Record<string, sst.Linkable<Record<string, unknown>>>;

const mapUsers = <T>(make: (users: readonly string[], name: DatabaseLink) => T) =>
  mapValues<DatabaseLink, readonly string[], T>(databaseUsers, make);
