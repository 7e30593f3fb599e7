import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** What RDS Proxy does with a connection when it is not ready, or when it has not yet read the login's secret. */
type Answer = "close" | "reset" | "refuse";

/**
 * Stands before a PostgreSQL server as a new RDS Proxy does: the next connections get the given answers, and all others
 * reach the server.
 */
export const startHesitantProxy = async (server: URL) => {
  let answers: Answer[] = [];
  const listener = createServer((client) => {
    client.on("error", () => client.destroy());
    const answer = answers.shift();
    if (answer === "close") return client.destroy();
    if (answer === "reset") return client.resetAndDestroy();
    if (answer === "refuse") return client.once("data", () => client.end(refusal));
    const database = connect(Number(server.port || 5432), server.hostname);
    database.on("error", () => client.destroy());
    client.pipe(database).pipe(client);
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    answers: (...next: Answer[]) => {
      answers = next;
    },
    /** Answers that no connection has got yet. */
    waiting: () => answers.length,
    close: () => listener.close(),
  };
};

/** PostgreSQL's ErrorResponse: length, then the fields severity, code and message, each ended by a zero. */
const fields = "SFATAL\0VFATAL\0C28000\0MThis RDS proxy has no credentials for the role\0\0";
const refusal = Buffer.concat([Buffer.from("E"), Buffer.alloc(4), Buffer.from(fields)]);
refusal.writeInt32BE(4 + fields.length, 1);
