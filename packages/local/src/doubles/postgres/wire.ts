import { createServer, type Socket } from "node:net";
import type { PGlite } from "@electric-sql/pglite";
import { listeningPort } from "../../listening-port.ts";

/**
 * PostgreSQL's wire protocol over one PGlite backend. A connection holds the backend from its first message until
 * `ReadyForQuery` reports idle, so that transactions of different connections never interleave (PGlite's own socket
 * server interleaves them). On each hand-over the backend takes the role of the connection's login. When a client
 * disconnects in a transaction, the transaction is rolled back. Passwords are not checked, since the server listens on
 * loopback only.
 */
export async function servePostgres(db: PGlite, port = 0): Promise<{ port: number; close(): Promise<void> }> {
  const backend = new Backend(db);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    new Session(socket, backend).start();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: listeningPort(server),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The single backend. One session holds it at a time, in the order of requests. */
class Backend {
  readonly #db: PGlite;
  #role = "postgres";
  #last: Promise<void> = Promise.resolve();

  constructor(db: PGlite) {
    this.#db = db;
  }

  /** Waits for the backend and returns a function that releases it. */
  async acquire(role: string): Promise<() => void> {
    const before = this.#last;
    let release = () => {};
    this.#last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    if (this.#role !== role) {
      const known = await this.#db.query("select 1 from pg_roles where rolname = $1", [role]);
      const user = known.rows.length > 0 ? role : "postgres";
      // Sets the session user, not only the role, so that the login's restrictions apply. RESET does not restore the
      // superuser (PGlite 0.5.14), but naming it does.
      await this.#db.exec(`set session authorization "${user.replaceAll('"', '""')}"`);
      this.#role = role;
    }
    return release;
  }

  async send(message: Uint8Array): Promise<Buffer> {
    const parts: Buffer[] = [];
    await this.#db.execProtocolRawStream(message, { onRawData: (part: Uint8Array) => parts.push(Buffer.from(part)) });
    return Buffer.concat(parts);
  }

  async rollback(): Promise<void> {
    await this.#db.exec("rollback").catch(() => {});
  }

  /** Call when a session may have changed the role: the next session then sets its role again. */
  forget(): void {
    this.#role = "";
  }
}

const sslRequest = 80_877_103;
const gssRequest = 80_877_104;
const cancelRequest = 80_877_102;
/** Query, Sync, Flush and Password end a batch of messages, to which the backend responds. */
const enders = new Set(["Q", "S", "H", "p"].map((name) => name.charCodeAt(0)));
const terminate = "X".charCodeAt(0);
const idleInTransactionMs = 30_000;

class Session {
  readonly #socket: Socket;
  readonly #backend: Backend;
  #role = "postgres";
  #received: Buffer = Buffer.alloc(0);
  #hasStarted = false;
  #batch: Buffer[] = [];
  #release: (() => void) | undefined;
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(socket: Socket, backend: Backend) {
    this.#socket = socket;
    this.#backend = backend;
  }

  start(): void {
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (data) => this.#receive(data));
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => {
      this.#isClosed = true;
      clearTimeout(this.#idle);
      this.#work = this.#work.then(() => this.#leave());
    });
  }

  #receive(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    for (;;) {
      const headerBytes = this.#hasStarted ? 5 : 8;
      if (this.#received.length < headerBytes) return;
      const length = this.#hasStarted ? this.#received.readUInt32BE(1) + 1 : this.#received.readUInt32BE(0);
      if (this.#received.length < length) return;
      const message = Buffer.from(this.#received.subarray(0, length));
      this.#received = this.#received.subarray(length);
      if (!this.#hasStarted) this.#startUp(message);
      else if (message[0] === terminate) this.#socket.end();
      else {
        this.#batch.push(message);
        if (enders.has(message.readUInt8())) {
          const batch = this.#batch;
          this.#batch = [];
          this.#enqueue(batch);
        }
      }
    }
  }

  #startUp(message: Buffer): void {
    const code = message.readUInt32BE(4);
    if (code === sslRequest || code === gssRequest) {
      this.#socket.write("N");
      return;
    }
    if (code === cancelRequest) {
      this.#socket.end();
      return;
    }
    const fields = message.subarray(8).toString("utf8").split("\0");
    this.#role = fields[fields.indexOf("user") + 1] ?? "postgres";
    this.#hasStarted = true;
    this.#enqueue([message]);
  }

  #enqueue(messages: Buffer[]): void {
    this.#work = this.#work.then(() => this.#run(messages));
  }

  async #run(messages: Buffer[]): Promise<void> {
    if (this.#isClosed) return;
    clearTimeout(this.#idle);
    try {
      this.#release ??= await this.#backend.acquire(this.#role);
      let state = "";
      for (const message of messages) {
        // PGlite's backend never returns from COPY FROM STDIN, so it is refused here.
        const response = isCopyIn(message) ? refuseCopy(state) : await this.#backend.send(message);
        if (response.length === 0) continue;
        if (!this.#isClosed) this.#socket.write(response);
        // ReadyForQuery is the last message of a response: 'Z', length 5, and the transaction state.
        if (response.length >= 6 && response[response.length - 6] === 0x5a)
          state = String.fromCharCode(response.readUInt8(response.length - 1));
      }
      if (state === "I") this.#yield();
      else this.#idle = setTimeout(() => this.#socket.destroy(), idleInTransactionMs);
    } catch (error) {
      this.#backend.forget();
      this.#yield();
      this.#socket.destroy(error instanceof Error ? error : undefined);
    }
  }

  async #leave(): Promise<void> {
    if (!this.#release) return;
    await this.#backend.rollback();
    this.#yield();
  }

  #yield(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

const isCopyIn = (message: Buffer): boolean => {
  const kind = String.fromCharCode(message.readUInt8());
  if (kind !== "Q" && kind !== "P") return false;
  return /^\s*copy\b[^;]*\bfrom\s+stdin\b/i.test(
    message.toString("utf8", kind === "P" ? message.indexOf(0, 5) + 1 : 5),
  );
};

/** ErrorResponse 0A000 and ReadyForQuery. */
const refuseCopy = (state: string): Buffer => {
  const fields = Buffer.from("SERROR\0VERROR\0C0A000\0MCOPY FROM STDIN is not supported by the embedded database\0\0");
  const header = Buffer.alloc(5);
  header.write("E");
  header.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([header, fields, Buffer.from([0x5a, 0, 0, 0, 5]), Buffer.from(state || "I")]);
};
