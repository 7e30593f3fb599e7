/// <reference path="../.sst/platform/config.d.ts" />
import { type FunctionName, type FunctionSpec, functions } from "../packages/functions/src/topology.ts";
import { prepareFiles } from "./bundles.ts";
import { grants, linksOf, type Parts } from "./grants.ts";
import { breakpointSeconds, mapValues, pascal } from "./names.ts";
import type { Network } from "./network.ts";
import type { Functions } from "./parts.ts";
import { apiFunctions } from "./release.ts";

/**
 * One function and one role for each function of the topology, with the exact permissions that its links need. The
 * migrator is deployed and invoked first, so that the schema is ready before other code is updated.
 */
export const createFunctions = async (parts: Parts) => {
  const files = await prepareFiles(functions);
  const { migrate: migrateSpec, ...others } = functions;
  const migrate = createFunction(parts, files, "migrate", migrateSpec, []);
  const migration = $dev || parts.stage.standby ? [] : [await runMigrations(parts, migrate)];
  const rest = mapValues<Exclude<FunctionName, "migrate">, FunctionSpec, sst.aws.Function>(others, (spec, name) =>
    createFunction(parts, files, name, spec, migration),
  );
  return { functions: { ...rest, migrate } satisfies Functions, migration };
};

const createFunction = (
  parts: Parts,
  files: Map<string, string>,
  name: FunctionName,
  spec: FunctionSpec,
  dependsOn: $util.Resource[],
) =>
  new sst.aws.Function(pascal(name), {
    handler: spec.handler,
    runtime: "nodejs24.x",
    architecture: "arm64",
    timeout: `${$dev ? breakpointSeconds : spec.timeoutSeconds} seconds`,
    memory: `${spec.memoryMb} MB`,
    logging: { retention: parts.stage.logRetention, format: "json" },
    link: linksOf(parts, spec),
    permissions: grants(parts, name, spec),
    copyFiles: copies(files.get(name), spec),
    // Unminified code gives readable stack traces and costs a few kilobytes.
    nodejs: { minify: false },
    environment: { POWERTOOLS_SERVICE_NAME: name, RESOLVE_STAGE: $app.stage },
    // The API's functions are published as versions, which CodeDeploy shifts.
    versioning: apiFunctions.includes(name),
    ...(spec.reservedConcurrency && parts.stage.reserveConcurrency
      ? { concurrency: { reserved: Math.ceil(spec.reservedConcurrency * parts.stage.concurrencyShare) } }
      : {}),
    ...((spec.network === "vpc" || parts.stage.fixedEgress) && !$dev ? { vpc: vpcOf(parts.network, spec) } : {}),
    transform: {
      function: (args, opts) => {
        args.tracingConfig = { mode: "Active" };
        opts.dependsOn = dependsOn;
      },
    },
  });

/**
 * `sst dev` creates a symlink for each entry and ignores an entry whose destination exists, such as ".". So under `sst
 * dev` each name in the directory is an entry of its own. A deployment copies the whole directory.
 */
const copies = (directory: string | undefined, { files = {} }: FunctionSpec) => {
  if (!directory) return [];
  if (!$dev) return [{ from: directory, to: "." }];
  const names = new Set(Object.keys(files).map((path) => path.replace(/\/.*/, "")));
  return [...names].map((name) => ({ from: `${directory}/${name}`, to: name }));
};

const vpcOf = (
  { appSubnetIds, appSecurityGroup, builderSecurityGroup, senderSecurityGroup }: Network,
  { network, links }: FunctionSpec,
) => {
  const isBuilder = links.includes("BuilderDatabase");
  const apps = isBuilder ? [appSecurityGroup, builderSecurityGroup] : [appSecurityGroup];
  const groups = network === "internet" ? [senderSecurityGroup].filter((group) => group !== undefined) : apps;
  return { privateSubnets: appSubnetIds, securityGroups: groups.map(({ id }) => id) };
};

/**
 * Invokes the migrator when the migrations or the database have changed. A failed migration stops the deployment here.
 */
const runMigrations = async ({ network, database }: Parts, migrate: sst.aws.Function) => {
  const { createHash } = await import("node:crypto");
  const { readdir, readFile } = await import("node:fs/promises");
  const directory = `${$cli.paths.root}/packages/core/migrations`;
  const hash = createHash("sha256");
  const names = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(".sql"));
  for (const name of names.sort()) hash.update(name).update(await readFile(`${directory}/${name}`));
  // A stage with a migrator has an instance.
  return new aws.lambda.Invocation(
    "Migration",
    {
      functionName: migrate.name,
      input: "{}",
      triggers: { migrations: hash.digest("hex"), database: database.instance!.resourceId },
    },
    { dependsOn: [...network.ready, ...database.ready] },
  );
};
