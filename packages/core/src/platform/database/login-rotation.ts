import { createHash, createHmac, pbkdf2Sync, randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "postgres";
import { type ResourceName, resource } from "../resources.ts";
import { makeCurrent, readVersion, type SecretLink, type VersionStage, writeVersion } from "../services/secrets.ts";
import { literal } from "./connections.ts";
import { Credentials, isLoginRefused, openConnection, poolOn, withCredentials } from "./credentials.ts";

/** A replica has the users of its primary. */
type LoginLink = Exclude<Extract<ResourceName, `${string}Database`>, "ReplicaDatabase">;
/** The users of each database link. With two users, each rotation switches to the other one. */
type Users = Readonly<Record<LoginLink, readonly string[]>>;

/** The four steps of a rotation by Secrets Manager; each may be repeated. */
export const rotationSteps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
export type RotationStep = (typeof rotationSteps)[number];

/**
 * Runs one step of a secret's rotation. With two users the current one keeps its password, so that functions that have
 * cached it for an hour continue to work (F-31).
 *
 * @throws Error when the secret is not one of a login, or the step fails: Secrets Manager then repeats it.
 */
export async function rotate(
  users: Users,
  { secretArn, versionId, step }: { secretArn: string; versionId: string; step: RotationStep },
): Promise<void> {
  const name = linksOf(users).find((name) => resource(name).secretArn === secretArn);
  if (!name) throw new Error("This secret is not one of the database's logins.");
  const { url, endpoint } = resource(name);
  const secret = { secretArn, endpoint };
  if (step === "createSecret") return create(secret, users[name], versionId);
  if (step === "finishSecret") return makeCurrent(secret, versionId);
  const pending = await read(secret, "AWSPENDING", versionId);
  if (step === "setSecret") await set(pending, versionId);
  else await test(url, pending, performance.now() + rotationWaitMs);
}

/**
 * Sets a new password for each login whose secret has none or is refused: at the first deployment, and after a restore of
 * a database with older passwords. The other user of a pair gets a new password too, because RDS Proxy may not serve before
 * each of its secrets is valid. All passwords are set before the first wait, so that the proxy reads them at the same time.
 */
export async function repairLogins(users: Users): Promise<{ repaired: LoginLink[] }> {
  const deadline = performance.now() + repairWaitMs;
  const pending: { name: LoginLink; secret: SecretLink; versionId: string }[] = [];
  for (const name of linksOf(users)) {
    const { url, secretArn, endpoint } = resource(name);
    if (!secretArn) continue;
    const secret = { secretArn, endpoint };
    const current = await find(secret, "AWSCURRENT");
    if (current && (await isAccepted(url, current, deadline))) continue;
    const versionId = randomUUID();
    await create(secret, users[name], versionId);
    const next = await read(secret, "AWSPENDING", versionId);
    for (const username of users[name].filter((one) => one !== next.username))
      await set({ username, password: newPassword() }, versionId);
    await set(next, versionId);
    pending.push({ name, secret, versionId });
  }
  for (const { name, secret, versionId } of pending) {
    await test(resource(name).url, await read(secret, "AWSPENDING", versionId), deadline);
    await makeCurrent(secret, versionId);
  }
  return { repaired: pending.map(({ name }) => name) };
}

/** `Users` is a record of all login links. */
const linksOf = (users: Users) => Object.keys(users) as LoginLink[];

const create = async (secret: SecretLink, users: readonly string[], versionId: string): Promise<void> => {
  if (await find(secret, "AWSPENDING", versionId)) return;
  const current = await find(secret, "AWSCURRENT");
  // The remainder is an index of `users`, which is not empty.
  const username = users[(users.indexOf(current?.username ?? "") + 1) % users.length]!;
  await writeVersion(secret, versionId, JSON.stringify({ username, password: newPassword() }), "AWSPENDING");
};

const newPassword = () => randomBytes(30).toString("base64url");

const set = async (pending: Credentials, versionId: string): Promise<void> => {
  const { username, password } = pending;
  await asMaster((sql) => sql.unsafe(`alter role "${username}" password ${literal(verifier(password))}`).simple());
  const ofProxy = resource("ProxyLogins").users[username];
  if (ofProxy) await writeVersion(ofProxy, versionId, JSON.stringify(pending), "AWSCURRENT");
};

/** The SCRAM verifier that PostgreSQL stores (RFC 5803). Sending it keeps the password out of PostgreSQL's logs and statistics. */
const verifier = (password: string): string => {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const hmac = (key: string) => createHmac("sha256", salted).update(key).digest();
  const stored = createHash("sha256").update(hmac("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${stored}:${hmac("Server Key").toString("base64")}`;
};

/** Connects as the master user. During the rotation of its own password the pending one may be valid already. */
const asMaster = async (work: (sql: Sql) => Promise<unknown>): Promise<void> => {
  const link = resource("MasterDatabase");
  const { url, secretArn, endpoint } = link;
  const sql = await openConnection(link).catch(async (error) => {
    const pending = isLoginRefused(error) && secretArn && (await find({ secretArn, endpoint }, "AWSPENDING"));
    if (!pending) throw error;
    return openConnection({ url: withCredentials(url, pending) });
  });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
};

/**
 * How long a new password may be refused, because the proxy reads its copy of the secret with a delay: within the minute of
 * a rotation's step, and within the migrator's fifteen. The proxy of a first deployment needs several minutes for its first
 * connection to the database.
 */
const rotationWaitMs = 45_000;
const repairWaitMs = 600_000;

/** @throws Error when the database or its proxy does not accept the password before the deadline. */
const test = async (url: string, pending: Credentials, deadline: number): Promise<void> => {
  for (;;) {
    const error = await errorOfLogin(url, pending);
    if (!error) return;
    if (performance.now() > deadline)
      throw new Error(`The database refuses the new password of ${pending.username}.`, { cause: error });
    await sleep(1_000);
  }
};

/**
 * Whether the password is accepted. Waits until the server accepts connections.
 *
 * @throws Error when the database cannot be reached before the deadline.
 */
const isAccepted = async (url: string, credentials: Credentials, deadline: number): Promise<boolean> => {
  for (;;) {
    const error = await errorOfLogin(url, credentials);
    if (!error) return true;
    if (isLoginRefused(error)) return false;
    if (performance.now() > deadline) throw error;
    await sleep(1_000);
  }
};

/** A proxy that is not ready closes connections, lets them time out or refuses the login. */
const errorOfLogin = async (url: string, credentials: Credentials): Promise<unknown> => {
  const sql = poolOn(withCredentials(url, credentials), { max: 1 });
  try {
    await sql`select 1`;
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await sql.end({ timeout: 1 });
  }
};

const read = async (secret: SecretLink, stage: VersionStage, versionId?: string): Promise<Credentials> => {
  const { value } = await readVersion(secret, { stage, ...(versionId ? { versionId } : {}) });
  return Credentials.parse(JSON.parse(value));
};

const find = async (...args: Parameters<typeof read>): Promise<Credentials | undefined> => {
  try {
    return await read(...args);
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
};
