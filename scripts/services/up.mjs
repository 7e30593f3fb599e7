// Starts temporary servers on free loopback ports: PostgreSQL 15, PgBouncer in transaction mode (in place of RDS Proxy) and Redis.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const bin = "/usr/lib/postgresql/15/bin";
const logins = ["api", "worker", "system", "builder"].flatMap((name) => [`${name}_a`, `${name}_b`]);

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const listening = async (port, deadline = Date.now() + 15_000) => {
  while (Date.now() < deadline) {
    const isUp = await new Promise((resolve) => {
      const socket = createConnection({ port, host: "127.0.0.1" });
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port}`);
};

/** PostgreSQL and PgBouncer refuse to run as root. */
const isRoot = userInfo().uid === 0;
const as = (command, args) => (isRoot ? ["runuser", ["-u", "postgres", "--", command, ...args]] : [command, args]);

/** Creates a directory in which PostgreSQL's user may write. */
const newDirectory = () => {
  const directory = mkdtempSync(join(tmpdir(), "resolve-services-"));
  if (isRoot) {
    const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
    chownSync(directory, id("-u"), id("-g"));
  }
  return directory;
};

const run = (command, args, env = {}) => {
  const [file, all] = as(command, args);
  execFileSync(file, all, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, ...env } });
};

/**
 * glibc gives freed memory back to the kernel, and each statement takes it again by page faults, which are slow in some virtual
 * machines: a search took 12 instead of 7 ms there, or not, by changes that have nothing to do with it.
 */
const keptMemory = { MALLOC_TOP_PAD_: String(32 * 1024 ** 2), MALLOC_TRIM_THRESHOLD_: String(128 * 1024 ** 2) };

/** Creates and starts a PostgreSQL cluster on loopback; `initdb` has more options for its creation. */
const startPostgres = (directory, port, settings, initdb) => {
  run(`${bin}/initdb`, ["-D", join(directory, "data"), "-E", "UTF8", "--no-sync", ...initdb]);
  return serve(directory, port, settings);
};

const serve = (directory, port, settings) => {
  const data = join(directory, "data");
  // `fsync` is off: tests crash the server and not the machine, so committed data is in the kernel's cache.
  const all = { listen_addresses: "127.0.0.1", unix_socket_directories: directory, fsync: "off", ...settings };
  const options = [`-p ${port}`, ...Object.entries(all).map(([name, value]) => `-c ${name}=${value}`)].join(" ");
  run(`${bin}/pg_ctl`, ["-D", data, "-l", join(directory, "postgres.log"), "-w", "-o", options, "start"], keptMemory);
  return {
    data,
    stop() {
      // A replica may have been killed.
      if (existsSync(join(data, "postmaster.pid"))) run(`${bin}/pg_ctl`, ["-D", data, "-m", "immediate", "-w", "stop"]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** PostgreSQL with the configuration of RDS: it checks passwords, and the master may create roles but is not a superuser. */
export async function startManagedPostgres() {
  const directory = newDirectory();
  const port = await freePort();
  const password = join(directory, "password");
  writeFileSync(password, "of-the-first-day", { mode: 0o644 });
  const initdb = ["-U", "rdsadmin", "-A", "scram-sha-256", "--pwfile", password];
  const server = startPostgres(directory, port, { full_page_writes: "off", max_connections: "100" }, initdb);
  const url = `postgres://rdsadmin:of-the-first-day@127.0.0.1:${port}/postgres`;
  // In RDS the master may create this extension; in community PostgreSQL only a superuser may.
  const input = `create role postgres login createrole createdb password 'of-the-first-day';
create database resolve owner postgres;
\\connect resolve
create extension vector;`;
  execFileSync("psql", ["-q", "-v", "ON_ERROR_STOP=1", url], { input });
  return { url: `postgres://postgres:of-the-first-day@127.0.0.1:${port}/resolve`, stop: server.stop };
}

/** A standby refuses to start with smaller ones than its primary's. */
const connections = { max_connections: "200", max_locks_per_transaction: "256" };

/** A streaming replica of the server of `startServices`; `adminUrl` is the primary's. */
export async function startReplica(adminUrl) {
  const directory = newDirectory();
  const port = await freePort();
  const data = join(directory, "data");
  const copy = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync"];
  run(`${bin}/pg_basebackup`, ["-d", adminUrl, "-D", data, ...copy]);
  const { stop } = serve(directory, port, connections);
  return {
    url: Object.assign(new URL(adminUrl), { port }).href,
    stop,
    /** Ends at once, without waiting. */
    kill: () => process.kill(Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]), "SIGQUIT"),
  };
}

/** PostgreSQL, PgBouncer and Redis, which are installed if they are missing. */
export async function startServices() {
  execFileSync(join(import.meta.dirname, "install.sh"), { stdio: "inherit" });
  const directory = newDirectory();
  const [postgresPort, bouncerPort, redisPort] = [await freePort(), await freePort(), await freePort()];
  const settings = {
    full_page_writes: "off",
    shared_buffers: "256MB",
    ...connections,
  };
  const server = startPostgres(directory, postgresPort, settings, ["-U", "postgres", "-A", "trust"]);
  const { data } = server;

  const userlist = join(directory, "users.txt");
  writeFileSync(userlist, [...logins, "postgres"].map((login) => `"${login}" ""`).join("\n"), { mode: 0o644 });
  const config = join(directory, "pgbouncer.ini");
  writeFileSync(
    config,
    `[databases]
* = host=127.0.0.1 port=${postgresPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${bouncerPort}
unix_socket_dir =
auth_type = trust
auth_file = ${userlist}
pool_mode = transaction
default_pool_size = 5
max_client_conn = 500
server_idle_timeout = 5
; A restarted server is tried again at once; the default waits 15 s.
server_login_retry = 1
`,
    { mode: 0o644 },
  );
  const children = [];
  const start = (command, args, asPostgres) => {
    const [file, all] = asPostgres ? as(command, args) : [command, args];
    children.push(spawn(file, all, { stdio: "ignore" }));
  };
  start("pgbouncer", ["-q", config], true);
  start(
    "redis-server",
    ["--port", String(redisPort), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    false,
  );
  await Promise.all([listening(bouncerPort), listening(redisPort)]);

  return {
    /** Where tests and benchmarks look for their servers. */
    env: {
      TEST_DATABASE_URL: `postgres://postgres@127.0.0.1:${postgresPort}/postgres`,
      TEST_POOL_URL: `postgres://postgres@127.0.0.1:${bouncerPort}/postgres`,
      TEST_REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    },
    /** A command that crashes the server and starts it again. */
    restartCommand: [
      as(`${bin}/pg_ctl`, ["-D", data, "-l", join(directory, "postgres.log"), "-m", "immediate", "-w", "restart"]),
    ]
      .flat(2)
      .join(" "),
    async stop() {
      for (const child of children) child.kill("SIGTERM");
      server.stop();
    },
  };
}
