import { startSystem } from "./testing-system.ts";

/** A whole system for tests in other processes, with the links of TEST_LINKS. Its parent gets the address, and ends it by closing the IPC channel. */
const system = await startSystem({ links: JSON.parse(process.env["TEST_LINKS"] ?? "{}") });
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
