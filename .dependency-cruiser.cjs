/**
 * Enforces the import order of docs/architecture.md: a domain imports earlier domains through their index. A later
 * domain reacts to events.
 */
const order = [
  "platform",
  "audit",
  "identity",
  "usage",
  "documents",
  "search",
  "jobs",
  "events",
  "webhooks",
  "integrations",
  "onboarding",
  "privacy",
];

const domain = (name) => `^packages/core/src/${name}/`;
const upwards = order.map((name, position) => ({
  name: `${name}-imports-lower-domains-only`,
  severity: "error",
  from: { path: domain(name), pathNot: "\\.test\\.ts$" },
  to: {
    path:
      order
        .slice(position + 1)
        .map(domain)
        .join("|") || "^$",
  },
}));
// Code outside a domain imports only the domain's index.ts.
const throughIndex = {
  name: "domains-are-entered-through-their-index",
  severity: "error",
  from: { path: "^packages/core/src/([^/]+)/", pathNot: "\\.test\\.ts$" },
  to: {
    path: `^packages/core/src/(${order.slice(1).join("|")})/`,
    pathNot: ["^packages/core/src/$1/", "/index\\.ts$"],
  },
};
const only = (name, from, to) => ({ name, severity: "error", from: { pathNot: from }, to: { path: to } });

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...upwards,
    throughIndex,
    {
      name: "extraction-and-embedding-import-nothing-of-ours",
      severity: "error",
      from: { path: "^packages/(extraction|embedding)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^packages/(?!extraction/|embedding/)|node_modules/(drizzle-orm|postgres)/" },
    },
    only(
      "database-clients-in-core-only",
      "^packages/(core|local|bench|acceptance/src/faults)/|\\.test\\.ts$",
      "node_modules/(drizzle-orm|postgres)/",
    ),
    only(
      "aws-clients-in-platform-and-local-only",
      "^packages/(core/src/platform|embedding|local)/|^packages/cli/src/login\\.ts$|\\.test\\.ts$|^stacks/",
      "node_modules/(@aws-sdk|@upstash|ioredis)/",
    ),
    {
      name: "core-knows-no-functions",
      severity: "error",
      from: { path: "^packages/core/", pathNot: "\\.test\\.ts$" },
      to: { path: "^packages/(functions|local|cli|sdk|console)/" },
    },
    {
      name: "tests-of-core-use-the-doubles-only",
      severity: "error",
      from: { path: "^packages/core/.*\\.test\\.ts$" },
      to: { path: "^packages/(functions|local|cli|sdk|console)/(?!src/(doubles/|testing\\.ts$))" },
    },
    {
      name: "stacks-read-the-topology-and-schemas-only",
      severity: "error",
      // Their tests compare them with the product. The schemas of events, the settings of sign-in and what has a price are data.
      from: { path: "^(stacks/|sst\\.config)", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^packages/(?!functions/src/(topology\\.ts|sign-in\\.ts|event-schemas\\.gen\\.json)$|core/src/usage/(prices|items)\\.ts$)",
      },
    },
    {
      name: "functions-know-no-runtime",
      severity: "error",
      from: { path: "^packages/functions/" },
      to: { path: "^packages/(local|cli|console)/" },
    },
    {
      name: "acceptance-imports-the-sdk-only",
      severity: "error",
      // scripts/shared-data.ts finds the test files that are not in the repository.
      from: { path: "^packages/acceptance/", pathNot: "^packages/acceptance/src/faults/" },
      to: {
        path: "^packages/(?!sdk/|acceptance/)|^packages/acceptance/src/faults/|node_modules/(drizzle-orm|postgres)/",
      },
    },
    {
      // The exception: it runs the handlers in its own process, so that it can end them at a chosen message.
      name: "fault-engine-drives-handlers-of-core-functions-and-local",
      severity: "error",
      from: { path: "^packages/acceptance/src/faults/" },
      to: { path: "^packages/(?!acceptance/|core/|functions/|local/)" },
    },
    {
      name: "sdk-imports-nothing-of-ours",
      severity: "error",
      from: { path: "^packages/sdk/" },
      to: { path: "^packages/(?!sdk/)" },
    },
    {
      name: "cli-imports-sdk-only",
      severity: "error",
      from: { path: "^packages/(cli|console)/" },
      to: { path: "^packages/(?!sdk/|cli/|console/)" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.sst|packages/local/\\.bundles|node_modules/\\.vite" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".json"],
    },
  },
};
