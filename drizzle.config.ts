import { defineConfig } from "drizzle-kit";

/**
 * The tables as the code sees them, for drizzle-kit's studio and checks. Migrations are written by hand (decision 2), so what
 * `drizzle-kit generate` writes goes into a cache.
 */
export default defineConfig({
  dialect: "postgresql",
  schema: "./packages/core/src/**/*.sql.ts",
  out: "./node_modules/.cache/drizzle-kit",
  schemaFilter: ["app"],
});
