import { defineConfig } from "drizzle-kit";

/**
 * The drizzle tables, for drizzle-kit's studio and checks. Migrations are written by hand (docs/decisions/README.md,
 * 2).
 */
export default defineConfig({
  dialect: "postgresql",
  schema: "./packages/core/src/**/*.sql.ts",
  out: "./packages/core/migrations",
  schemaFilter: ["app"],
});
