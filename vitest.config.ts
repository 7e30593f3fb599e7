import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "stacks/**/*.test.ts",
      "docs/*.test.ts",
      "scripts/*.test.ts",
      "examples/*.test.ts",
    ],
    // Two cores: a database and a runtime each take one.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    env: { POWERTOOLS_LOG_LEVEL: process.env["POWERTOOLS_LOG_LEVEL"] ?? "SILENT", POWERTOOLS_TRACE_ENABLED: "false" },
  },
});
