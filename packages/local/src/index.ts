export { startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";
export { type Runtime, type RuntimeOptions, StartError, startRuntime } from "./runtime.ts";
