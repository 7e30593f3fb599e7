import { defineConfig } from "vitest/config";

/** Suites that start the system or a database; `npm run test:services` runs them on real servers as well. */
const acceptance = ["packages/acceptance/src/*.test.ts", "examples/*.test.ts"];
const faults = ["packages/acceptance/src/faults/*.test.ts"];
const services = ["packages/core/src/**/*.test.ts", "packages/local/src/*.test.ts", "packages/bench/src/*.test.ts"];

const project = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, include, ...more },
});

export default defineConfig({
  test: {
    // Two cores: a database and a runtime each take one.
    maxWorkers: 2,
    execArgv: ["--import", new URL("packages/local/src/faster-imports.ts", import.meta.url).href],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    env: { POWERTOOLS_LOG_LEVEL: process.env["POWERTOOLS_LOG_LEVEL"] ?? "SILENT", POWERTOOLS_TRACE_ENABLED: "false" },
    projects: [
      project("stacks", ["stacks/**/*.test.ts"], { globalSetup: "stacks/testing/setup.ts" }),
      project("acceptance", acceptance, { globalSetup: "packages/acceptance/src/setup.ts" }),
      project("services", services, { globalSetup: "packages/local/src/testing-databases.ts" }),
      project("faults", faults),
      project("packages", ["packages/*/src/**/*.test.ts", "docs/*.test.ts", "scripts/*.test.ts"], {
        exclude: [...acceptance, ...faults, ...services, "**/node_modules/**"],
      }),
    ],
  },
});
