import { startSystem } from "./testing-system.ts";

/** A whole system for tests in other processes. Its parent gets the address, and ends it by closing the IPC channel. */
const system = await startSystem();
process.once("disconnect", async () => {
  await system.close();
  process.exit(0);
});
const { apiUrl, adminApiKey: operatorKey } = system.runtime;
const [operator, leaving] = [
  await system.newPerson({ [system.platformId]: "admin" }, "grace@resolve.example"),
  await system.newPerson({ [system.platformId]: "user" }, "lin@resolve.example"),
];
process.send!({ apiUrl, operatorKey, operatorToken: await operator.token(), leavingToken: await leaving.token() });
