import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, relative } from "node:path";
import { json } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { functions } from "../../packages/functions/src/topology.ts";
import { cacheSecretNames } from "../cache.ts";

const root = join(import.meta.dirname, "..", "..");
const installed = join(root, ".sst");
const platform = join(installed, "platform");
const bundles = join(installed, "bundles");
const exportsFile = join(bundles, "exports.json");
/** Inside the platform's directory, so that the program finds its packages. */
const programFile = join(platform, "evaluated-program.mjs");
// All imports must come from the platform's directory: two instances of @pulumi/pulumi do not recognise each other's
// outputs.
const require = createRequire(join(platform, "evaluate.js"));
const account = "123456789012";
/** The region of the evaluated stage. */
let region;

/**
 * Runs sst.config.ts as the SST CLI does, with Pulumi's mock monitor instead of the engine. One evaluation per process,
 * because Pulumi's runtime is global. The output depends on the input only. The code that SST would upload is left in
 * `work`. Call `bundleAll` first. `deployment` counts from 1; every deployment publishes new versions of the functions.
 */
export async function evaluate({ stage, dev, settings, work, deployment }) {
  const pulumi = require("@pulumi/pulumi");
  mkdirSync(work, { recursive: true });
  const cli = await serveCli(work);
  process.env.SST_SERVER = cli.url;
  const others = ["EmbeddingApiKey", "DatadogApiKey", "DatadogAppKey", "BrandtClientSecret"];
  for (const name of [...cacheSecretNames, ...others]) process.env[`SST_SECRET_${name}`] = `value-of-${name}`;
  const recorded = recorder(deployment);
  try {
    pulumi.runtime.setMocks(recorded.mocks, "resolve", stage, false, "organization");
    globalThis.__sst = {
      dev,
      settings: JSON.parse(settings),
      bundles: join(bundles, "files"),
      app: { name: "resolve", stage, providers: {} },
      cli: {
        command: dev ? "dev" : "deploy",
        dev,
        rpc: cli.url,
        home: "aws",
        state: { version: {} },
        paths: { home: work, root, work, platform },
      },
    };
    const { run, config } = await import(pathToFileURL(programFile).href);
    const app = await config.app({ stage });
    Object.assign(globalThis.__sst.app, app, { stage });
    region = app.providers.aws.region;
    for (const [provider, settings] of Object.entries(app.providers))
      if (typeof settings === "object")
        for (const [key, value] of Object.entries(settings))
          if (key !== "version")
            pulumi.runtime.setConfig(`${provider}:${key}`, typeof value === "string" ? value : JSON.stringify(value));
    await pulumi.runtime.runInPulumiStack(() => run(config.run.bind(config)));
    await pulumi.runtime.waitForRPCs?.();
    const resources = recorded.resources.sort(byTypeAndName);
    return JSON.parse(JSON.stringify(resources).replaceAll(work, ".sst").replaceAll(relative(root, work), ".sst"));
  } finally {
    cli.close();
  }
}

const byTypeAndName = (a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1);

/** The calls that components make to the CLI: where assets go, a handler's bundle, and `sst dev`'s local functions. */
async function serveCli(work) {
  const methods = {
    "Provider.Aws.Bootstrap": () => ({
      asset: "sst-asset",
      state: "sst-state",
      assetEcrUrl: `${account}.dkr.ecr.${region}.amazonaws.com/sst-asset`,
      assetEcrRegistryId: account,
      appsyncHttp: "appsync.example",
      appsyncRealtime: "appsync.example",
    }),
    "Provider.Aws.Appsync": () => ({ http: "appsync.example", realtime: "appsync.example" }),
    "Runtime.Build": findBundle,
    "Runtime.AddTarget": (input) => layOutForDev(work, input),
  };
  const server = createServer(async (request, response) => {
    const { method, params } = await json(request);
    const respond = methods[method];
    const result = respond ? await respond(params?.[0]) : undefined;
    const body = respond ? { result } : { error: `the evaluation does not implement ${method}` };
    response.end(JSON.stringify({ jsonrpc: "1.0", id: 0, ...body }));
  });
  // On a busy machine two calls over one connection can be seconds apart, and a closed connection fails the evaluation.
  server.keepAliveTimeout = 600_000;
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Builds what all evaluations share: the handlers' bundles and the program. */
export async function bundleAll() {
  await Promise.all([bundleHandlers(), bundleProgram()]);
}

/** Bundles every handler of the topology in one esbuild call, which reads shared sources once. */
async function bundleHandlers() {
  const { build } = require("esbuild");
  rmSync(bundles, { recursive: true, force: true });
  const sources = [...new Set(Object.values(functions).map(({ handler }) => withoutExport(handler)))];
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(sources.map((source) => [join(source, "bundle"), `${source}.ts`])),
    outdir: bundles,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    mainFields: ["module", "main"],
    logLevel: "error",
    metafile: true,
    banner: {
      js: 'import { createRequire as topLevelCreateRequire } from "module"; const require = topLevelCreateRequire(import.meta.url);',
    },
  });
  const made = Object.values(metafile.outputs).map(({ entryPoint, exports }) => [entryPoint, exports]);
  writeFileSync(exportsFile, JSON.stringify(Object.fromEntries(made)));
}

const withoutExport = (handler) => handler.replace(/\.\w+$/, "");

/**
 * The result of SST's builder for a handler: the directory of its bundle, or an error when the file or the export is
 * missing.
 */
function findBundle({ handler }) {
  const source = withoutExport(handler);
  const wanted = extname(handler).slice(1);
  const out = join(bundles, source);
  const exported = JSON.parse(readFileSync(exportsFile, "utf8"))[`${source}.ts`];
  if (!exported?.includes(wanted))
    return { handler: "", out, errors: [`${source}.ts does not export ${wanted}`], sourcemaps: [] };
  return { handler: `bundle.${wanted}`, out, errors: [], sourcemaps: [] };
}

/**
 * Creates the directory from which `sst dev` runs a function: its bundle, and a symlink for each entry of `copyFiles`.
 * An entry whose destination exists is ignored (`Collection.Build` in SST's pkg/runtime/runtime.go, version 4).
 */
function layOutForDev(work, { functionID, handler, copyFiles }) {
  const out = join(work, "artifacts", `${functionID}-dev`);
  rmSync(out, { recursive: true, force: true });
  cpSync(findBundle({ handler }).out, out, { recursive: true });
  for (const { from, to } of copyFiles) {
    const destination = join(out, to);
    mkdirSync(dirname(destination), { recursive: true });
    try {
      symlinkSync(from, destination);
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  }
  return {};
}

/** Bundles sst.config.ts with the globals that the CLI injects, as one module inside the platform's directory. */
async function bundleProgram() {
  const { build } = require("esbuild");
  const providers = JSON.parse(readFileSync(join(installed, "provider-lock.json"), "utf8"));
  const globals = [
    ...providers.map(({ alias, package: name }) => `import * as ${alias} from "${name}";`),
    `import * as sst from "${platform}/src/components";`,
  ].join("\n");
  await build({
    stdin: {
      contents: `export { run } from "${platform}/src/auto/run.ts"; export { default as config } from "${root}/sst.config.ts";`,
      resolveDir: root,
      loader: "ts",
    },
    outfile: programFile,
    bundle: true,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    logLevel: "error",
    nodePaths: [join(platform, "node_modules")],
    external: ["@pulumi/*", "@pulumiverse/*", "@aws-sdk/*", "undici", "esbuild", "archiver", "glob", "vite"],
    inject: [join(platform, "src/shim/run.js")],
    define: { $app: "globalThis.__sst.app", $cli: "globalThis.__sst.cli", $dev: "globalThis.__sst.dev" },
    banner: {
      js: [
        'import { createRequire as topLevelCreateRequire } from "module";',
        'import { fileURLToPath as topLevelFileUrlToPath } from "url";',
        "const require = topLevelCreateRequire(import.meta.url);",
        "const __filename = topLevelFileUrlToPath(import.meta.url);",
        'const __dirname = topLevelFileUrlToPath(new URL(".", import.meta.url));',
      ].join("\n"),
    },
    plugins: [
      { name: "globals", setup: (context) => injectGlobals(context, globals) },
      { name: "bundles", setup: bundleOnce },
    ],
  });
}

const bundleOnce = (context) =>
  context.onResolve({ filter: /^esbuild$/ }, ({ importer }) =>
    importer === join(root, "stacks/bundles.ts") ? { path: join(import.meta.dirname, "esbuild-once.mjs") } : undefined,
  );

const injectGlobals = (context, globals) =>
  context.onLoad({ filter: /\.(js|ts|jsx|tsx)$/ }, ({ path }) => {
    let contents = readFileSync(path, "utf8");
    if (!path.startsWith(installed) && !path.includes("/node_modules/")) contents = `${globals}\n${contents}`;
    // Physical names end in random letters; deterministic ones make evaluations comparable.
    if (path.endsWith("components/naming.ts"))
      contents = contents.replace('crypto.randomBytes(8).toString("hex")', "name");
    // Applies `--settings`, for variants that no real stage has.
    if (path === join(root, "stacks/stage.ts"))
      contents = contents.replace("stages[name] ?? developer", "Object.assign({}, $&, globalThis.__sst.settings)");
    return { contents, loader: extname(path).slice(1) };
  });

/** Pulumi's mock monitor: records each resource and returns the outputs that AWS would compute. */
export function recorder(deployment) {
  const resources = [];
  const requests = new Map();
  // Mocks receive neither dependencies nor ignoreChanges; the request has both.
  const { MockMonitor } = require("@pulumi/pulumi/runtime/mocks");
  const register = MockMonitor.prototype.registerResource;
  MockMonitor.prototype.registerResource = function (request, callback) {
    // A URN ends in `parent type$type::name`.
    const dependencies = request
      .getDependenciesList()
      .map((urn) => urn.split("::").slice(-2))
      .map(([types, name]) => `${types.split("$").at(-1)} ${name}`)
      .sort();
    requests.set(`${request.getType()} ${request.getName()}`, {
      waitsFor: dependencies.map((one) => one.split(" ")[1]).sort(),
      dependencies,
      ignoreChanges: request.getIgnorechangesList(),
    });
    return register.call(this, request, callback);
  };
  const newResource = ({ type, name, inputs, id: givenId, custom }) => {
    // An empty id counts as unknown, and Pulumi silently skips everything that depends on it.
    const id = givenId || idOf(type, name);
    const physical = physicalName(type, name, inputs);
    const problem = nameProblem(type, name, inputs);
    if (problem) throw new Error(problem);
    const at = inputs.region ?? region;
    const state = {
      arn: arnOf(type, physical, at),
      name: physical,
      ...inputs,
      id,
      ...computed(type, id, physical, inputs, at),
      ...(type === "aws:lambda/function:Function" ? { version: String(deployment) } : {}),
    };
    const { __provider, ...plain } = inputs;
    // Components only group resources. Links and secrets are recorded, because tests read them.
    if (custom || ["sst:sst:LinkRef", "sst:sst:Secret"].includes(type))
      resources.push({ type, name, inputs: reveal(plain), ...requests.get(`${type} ${name}`) });
    return { id, state };
  };
  return { resources, mocks: { newResource, call: ({ token, inputs }) => invokes[token]?.(inputs) ?? inputs } };
}

const idOf = (type, name) =>
  // AWS's models require that a user pool's id begins with its region; other ids have no format.
  type === "aws:cognito/userPool:UserPool" ? `${region}_${name}${short(type + name)}` : autoName(type, name);

/** Pulumi's automatic name: the logical name, a hyphen and seven hexadecimal digits. */
const autoName = (type, name) => `${name}-${short(type + name).slice(0, 7)}`;

/** The property with the name of an RDS resource, and the maximum length. */
const rdsNames = {
  "aws:rds/instance:Instance": ["identifier", 63],
  "aws:rds/proxy:Proxy": ["name", 63],
  "aws:rds/subnetGroup:SubnetGroup": ["name", 255],
  "aws:rds/parameterGroup:ParameterGroup": ["name", 255],
};
/** RDS resources that have no name of their own. */
const rdsNameless = [
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
  "aws:rds/proxyTarget:ProxyTarget",
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
];

const physicalName = (type, name, inputs) =>
  inputs[rdsNames[type]?.[0] ?? "name"] ?? inputs.bucket ?? autoName(type, name);

/**
 * Returns why the AWS provider would refuse the name of an RDS resource, or undefined. The rule is `validIdentifier` in
 * the provider's internal/service/rds/validate.go. It also allows periods in groups and spaces in subnet groups, which
 * we do not use.
 */
export const nameProblem = (type, name, inputs) => {
  if (!type.startsWith("aws:rds/") || rdsNameless.includes(type)) return undefined;
  if (!rdsNames[type]) return `The evaluation has no naming rule for ${type}: add it to rdsNames.`;
  const physical = physicalName(type, name, inputs);
  const [property, lengthMax] = rdsNames[type];
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(physical) && physical.length <= lengthMax) return undefined;
  return `RDS refuses the ${property} "${physical}" of ${name}: at most ${lengthMax} lower-case letters, digits and single hyphens, a letter first.`;
};

const short = (text) => createHash("sha1").update(text).digest("hex").slice(0, 8);

const arnOf = (type, name, region) => {
  const service = type.split(":")[1]?.split("/")[0];
  if (type === "aws:s3/bucket:Bucket") return `arn:aws:s3:::${name}`;
  if (service === "iam") return `arn:aws:iam::${account}:${type.endsWith(":Role") ? "role" : "policy"}/${name}`;
  if (service === "lambda") return `arn:aws:lambda:${region}:${account}:function:${name}`;
  if (type.includes("eventBus")) return `arn:aws:events:${region}:${account}:event-bus/${name}`;
  if (type.includes("eventRule")) return `arn:aws:events:${region}:${account}:rule/${name}`;
  if (service === "kms") return `arn:aws:kms:${region}:${account}:key/${name}`;
  return `arn:aws:${service}:${region}:${account}:${name}`;
};

const computed = (type, id, physical, inputs, region) => {
  const apiHost = `${id.toLowerCase()}.execute-api.${region}.amazonaws.com`;
  const outputs = {
    "aws:s3/bucket:Bucket": {
      bucket: physical,
      bucketRegionalDomainName: `${physical}.s3.${region}.amazonaws.com`,
      region,
    },
    "aws:sqs/queue:Queue": { url: `https://sqs.${region}.amazonaws.com/${account}/${physical}` },
    "aws:apigatewayv2/api:Api": {
      apiEndpoint: `https://${apiHost}`,
      executionArn: `arn:aws:execute-api:${region}:${account}:${id}`,
    },
    "aws:apigatewayv2/stage:Stage": { invokeUrl: `https://${apiHost}/` },
    "aws:apigatewayv2/domainName:DomainName": {
      domainNameConfiguration: {
        ...inputs.domainNameConfiguration,
        targetDomainName: `d-${short(id)}.execute-api.${region}.amazonaws.com`,
        hostedZoneId: "Z1UJRXOUMOOFQ8",
      },
    },
    "aws:acm/certificate:Certificate": {
      domainValidationOptions: [
        {
          domainName: inputs.domainName,
          resourceRecordName: `_validation.${inputs.domainName}`,
          resourceRecordType: "CNAME",
          resourceRecordValue: "validation.acm-validations.aws",
        },
      ],
    },
    "aws:cloudfront/distribution:Distribution": {
      domainName: `${short(id)}.cloudfront.net`,
      hostedZoneId: "Z2FDTNDATAQYW2",
      etag: short(id),
    },
    // SST's own resources: the zone of a domain, and whether a distribution is deployed.
    "pulumi-nodejs:dynamic:Resource": { zoneId: "Z0EVALUATION", isDone: true },
    "aws:rds/instance:Instance": { address: `${inputs.identifier}.rds.example`, resourceId: `db-${short(id)}` },
    "aws:ec2/instance:Instance": { primaryNetworkInterfaceId: `eni-${short(id)}` },
    "aws:rds/proxy:Proxy": { endpoint: `${physical}.proxy.example` },
    "random:index/randomPassword:RandomPassword": { result: short(id).repeat(6) },
    "random:index/randomBytes:RandomBytes": { base64: Buffer.from(short(id).repeat(4)).toString("base64") },
    "random:index/randomId:RandomId": { dec: String(Number.parseInt(short(id), 16)), hex: short(id) },
  };
  return outputs[type] ?? {};
};

const invokes = {
  "aws:index/getRegion:getRegion": () => ({ region, name: region, id: region }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: account,
    arn: `arn:aws:iam::${account}:user/evaluation`,
    userId: "evaluation",
    id: account,
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": ({ excludeZoneIds = [] }) => {
    const zones = Object.entries(zoneIds[region]).filter(([, id]) => !excludeZoneIds.includes(id));
    return { names: zones.map(([name]) => name), zoneIds: zones.map(([, id]) => id), id: region };
  },
  "aws:ec2/getAmi:getAmi": (inputs) => ({ ...inputs, id: "ami-evaluation" }),
  // The note that `keepCopies` of the lost stage would have written.
  "aws:ssm/getParameter:getParameter": ({ name }) => ({ name, value: JSON.stringify(recoveryNote), id: name }),
  // Renders the real policy, so that tests can simulate it. SST adds a policy only when the call returns the
  // statements.
  "aws:iam/getPolicyDocument:getPolicyDocument": (inputs) => {
    const json = JSON.stringify({ Version: "2012-10-17", Statement: (inputs.statements ?? []).map(renderStatement) });
    return { ...inputs, json, minifiedJson: json, id: short(json) };
  },
};

/** Zone letters differ by account. In this account the first letter of us-east-1 is use1-az3. */
export const zoneIds = {
  "us-east-1": { "us-east-1a": "use1-az3", "us-east-1b": "use1-az1", "us-east-1c": "use1-az2" },
  "us-west-2": { "us-west-2a": "usw2-az2", "us-west-2b": "usw2-az1", "us-west-2c": "usw2-az3" },
};

export const recoveryNote = {
  databaseBackupsArn: `arn:aws:rds:us-west-2:${account}:auto-backup:ab-lost`,
  documents: { name: "replica", arn: "arn:aws:s3:::replica", keyArn: `arn:aws:kms:us-west-2:${account}:key/replica` },
  tenantKeyArn: `arn:aws:kms:us-west-2:${account}:key/mrk-tenants`,
  pepper: "pepper-of-the-stage-that-was-lost",
  originVerify: ["newest", "last"].map((one) => `${one}-value-of-the-cloudfront-of-the-stage-that-was-lost`),
};

const renderStatement = ({ sid, effect = "Allow", actions, resources, principals, conditions }) => ({
  ...(sid ? { Sid: sid } : {}),
  Effect: effect.charAt(0).toUpperCase() + effect.slice(1),
  Action: actions,
  ...(resources ? { Resource: resources } : {}),
  ...(principals ? { Principal: renderPrincipals(principals) } : {}),
  ...(conditions ? { Condition: renderConditions(conditions) } : {}),
});

const renderPrincipals = (principals) =>
  principals.some(({ type }) => type === "*")
    ? "*"
    : Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers]));

const renderConditions = (conditions) => {
  const rendered = {};
  for (const { test, variable, values } of conditions) {
    rendered[test] ??= {};
    rendered[test][variable] = values;
  }
  return rendered;
};

/** Replaces Pulumi's envelope of a secret value by `$secret`, so that tests can see that the value was secret. */
const envelope = "4dabf18193072939515e22adb298388d";
const reveal = (value) => {
  if (Array.isArray(value)) return value.map(reveal);
  if (value === null || typeof value !== "object") return value;
  if (envelope in value && "value" in value) return { $secret: reveal(value.value) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
};
