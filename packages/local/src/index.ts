export { StartError } from "./data-directory.ts";
export { startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";
export { type Runtime, type RuntimeOptions, startRuntime } from "./runtime.ts";
