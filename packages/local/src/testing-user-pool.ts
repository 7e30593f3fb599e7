import { createServer } from "node:http";
import { listeningPort } from "./listening-port.ts";
import { startPeople } from "./people.ts";

/** Accounts and mailbox without the rest of the system, for tests that kill the process. */
const [dataDir = "", port = "0"] = process.argv.slice(2);
const server = createServer(async (request, response) => {
  const { beside } = await people;
  if (!(await beside(request, response, new URL(request.url!, "http://local")))) response.writeHead(404).end();
});
await new Promise<void>((resolve) => server.listen(Number(port), "127.0.0.1", resolve));
const people = startPeople({
  dataDir,
  masterKey: Buffer.alloc(32, 7).toString("base64"),
  issuerSecret: "a seed of the tests",
  consoleUrl: `http://127.0.0.1:${listeningPort(server)}/`,
});
process.send!((await people).link);
