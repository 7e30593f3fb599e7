import { hash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, relative } from "node:path";
import { json } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { functions } from "../../packages/functions/src/topology.ts";
import { cacheSecretNames } from "../cache.ts";
import { account, stage as evaluatedStage, recorder, require } from "./mocks.mjs";

const root = join(import.meta.dirname, "..", "..");
const installed = join(root, ".sst");
const platform = join(installed, "platform");
const bundles = join(installed, "bundles");
const exportsFile = join(bundles, "exports.json");
/** Inside the platform's directory, so that the program finds its packages. */
const programFile = join(platform, "evaluated-program.mjs");

/** Node.js's exit code when the program waits for a promise and nothing can settle it. */
const unsettled = 13;

/** Each evaluation imports the program again, because SST and stacks keep state in their modules. */
let evaluations = 0;

/**
 * Runs sst.config.ts as the SST CLI does, with Pulumi's mock monitor instead of the engine. One process evaluates several
 * stages one after the other: loading the providers' SDKs takes longer than an evaluation. The output depends on the input only. The
 * code that SST would upload is left in `work`. Call `bundleAll` first. `deployment` counts from 1; every deployment publishes new
 * versions of the functions.
 */
export const evaluate = (options) =>
  // Pulumi's state of one program; its automation API separates programs in the same way.
  require("@pulumi/pulumi/runtime/state").withLocalStorage(() => evaluateProgram(options));

async function evaluateProgram({
  stage,
  dev = false,
  settings = {},
  work,
  deployment = 1,
  keepsCode = false,
  canary = false,
  program = programFile,
}) {
  const pulumi = require("@pulumi/pulumi");
  mkdirSync(work, { recursive: true });
  const cli = await serveCli(work);
  process.env.SST_SERVER = cli.url;
  const others = ["EmbeddingApiKey", "DatadogApiKey", "DatadogAppKey", "BrandtClientSecret"];
  for (const name of [...cacheSecretNames, ...others]) process.env[`SST_SECRET_${name}`] = `value-of-${name}`;
  process.env.RESOLVE_CANARY = canary ? "1" : "";
  const recorded = recorder(deployment);
  const unfinished = new Set();
  const explain = (code) => {
    if (code !== unsettled) return;
    const names = [...unfinished].filter((one) => !recorded.registered.has(one)).sort();
    console.error(`The program never ends, because these resources wait for each other: ${names.join(", ")}`);
  };
  // Nothing else keeps the process alive, so Node.js ends it when all that remains are promises that wait for each other.
  process.once("exit", explain);
  try {
    pulumi.runtime.setMocks(recorded.mocks, "resolve", stage, false, "organization");
    recorded.observe(pulumi.runtime.getMonitor());
    globalThis.__sst = {
      dev,
      addFile: keepsCode ? addFile : addDigest,
      settings,
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
    const { run, config } = await import(`${pathToFileURL(program).href}?${evaluations++}`);
    const app = await config.app({ stage });
    Object.assign(globalThis.__sst.app, app, { stage });
    evaluatedStage.region = app.providers.aws.region;
    for (const [provider, settings] of Object.entries(app.providers))
      if (typeof settings === "object")
        for (const [key, value] of Object.entries(settings))
          if (key !== "version")
            pulumi.runtime.setConfig(`${provider}:${key}`, typeof value === "string" ? value : JSON.stringify(value));
    await pulumi.runtime.runInPulumiStack(() => {
      pulumi.runtime.registerStackTransformation(({ type, name }) => {
        unfinished.add(`${type} ${name}`);
        return undefined;
      });
      return run(config.run.bind(config));
    });
    await pulumi.runtime.waitForRPCs?.();
    const resources = recorded.resources.sort(byTypeAndName);
    return JSON.parse(JSON.stringify(resources).replaceAll(work, ".sst").replaceAll(relative(root, work), ".sst"));
  } finally {
    process.off("exit", explain);
    cli.close();
  }
}

const addFile = (archive, file, options) => archive.file(file, options);
/**
 * Adds the digest of a file instead of its content: archives of 150 MB that nobody reads would take more than half of an
 * evaluation, and the name of an archive still changes with its code.
 */
const addDigest = (archive, file, options) => {
  if (!statSync(file).isDirectory()) archive.append(digestOf(file), options);
};
const digests = new Map();
const digestOf = (file) => {
  const digest = digests.get(file) ?? hash("sha256", readFileSync(file));
  // Bundles are shared by all evaluations; other files belong to one.
  if (file.startsWith(bundles)) digests.set(file, digest);
  return digest;
};

const byTypeAndName = (a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1);

/** The calls that components make to the CLI: where assets go, a handler's bundle, and `sst dev`'s local functions. */
async function serveCli(work) {
  const methods = {
    "Provider.Aws.Bootstrap": () => ({
      asset: "sst-asset",
      state: "sst-state",
      assetEcrUrl: `${account}.dkr.ecr.${evaluatedStage.region}.amazonaws.com/sst-asset`,
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
  server.unref().on("connection", (socket) => socket.unref());
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
    if (path.endsWith("components/aws/function.ts"))
      contents = contents.replace("archive.file(file.from,", "globalThis.__sst.addFile(archive, file.from,");
    // Applies `--settings`, for variants that no real stage has.
    if (path === join(root, "stacks/stage.ts"))
      contents = contents.replace("stages[name] ?? developer", "Object.assign({}, $&, globalThis.__sst.settings)");
    return { contents, loader: extname(path).slice(1) };
  });
