import { startSystem } from "./testing-system.ts";

/** A whole system for tests in other processes. Its parent gets the address, and ends it by closing the IPC channel. */
const system = await startSystem();
process.once("disconnect", async () => {
  await system.close();
  process.exit(0);
});
process.send!({ apiUrl: system.runtime.apiUrl, operatorKey: system.runtime.adminApiKey });
