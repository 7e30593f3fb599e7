import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Two cores: a database and a runtime each take one.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    env: { POWERTOOLS_LOG_LEVEL: process.env["POWERTOOLS_LOG_LEVEL"] ?? "SILENT", POWERTOOLS_TRACE_ENABLED: "false" },
    projects: [
      {
        extends: true,
        test: { name: "stacks", include: ["stacks/**/*.test.ts"], globalSetup: "stacks/testing/setup.ts" },
      },
      {
        extends: true,
        test: {
          name: "packages",
          include: ["packages/*/src/**/*.test.ts", "docs/*.test.ts", "scripts/*.test.ts", "examples/*.test.ts"],
        },
      },
    ],
  },
});
