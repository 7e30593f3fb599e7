import { defineConfig } from "drizzle-kit";

/** The tables as the code sees them, for drizzle-kit's studio and checks; migrations are written by hand (decision 2). */
export default defineConfig({
  dialect: "postgresql",
  schema: "./packages/core/src/**/*.sql.ts",
  out: "./packages/core/migrations",
  schemaFilter: ["app"],
});
