import { defineConfig } from "drizzle-kit";

/**
 * The tables of the code, for drizzle-kit's studio and checks. Migrations are written by hand (decision 2), so the output of
 * `drizzle-kit generate` goes into a cache.
 */
export default defineConfig({
  dialect: "postgresql",
  schema: "./packages/core/src/**/*.sql.ts",
  out: "./node_modules/.cache/drizzle-kit",
  schemaFilter: ["app"],
});
