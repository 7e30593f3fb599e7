import { createHash, createHmac, pbkdf2Sync, randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "postgres";
import { type ResourceName, resource } from "../resources.ts";
import { makeCurrent, readVersion, type SecretLink, type VersionStage, writeVersion } from "../services/secrets.ts";
import { literal } from "./connections.ts";
import { Credentials, isLoginRefused, openConnection, poolOn, withCredentials } from "./credentials.ts";

type LoginLink = Extract<ResourceName, `${string}Database`>;
/** Whose password each database link's secret holds; those of a pair take turns. */
type Users = Readonly<Record<LoginLink, readonly string[]>>;

/** The four steps in which Secrets Manager rotates; each may come twice. */
export const rotationSteps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
export type RotationStep = (typeof rotationSteps)[number];

/**
 * One step of one secret's new password. Of a pair the user that is in use is left alone, so that whoever has it cached
 * for an hour goes on working (F-31).
 *
 * @throws Error when the secret is none of ours, or the step fails: Secrets Manager then comes again.
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
  else await test(url, pending);
}

/**
 * Gives a password to each login whose secret has none yet or is refused: at the first deployment, and after a
 * database was restored that knows older ones.
 */
export async function repairLogins(users: Users): Promise<{ repaired: LoginLink[] }> {
  const repaired: LoginLink[] = [];
  for (const name of linksOf(users)) {
    const { url, secretArn, endpoint } = resource(name);
    if (!secretArn) continue;
    const current = await find({ secretArn, endpoint }, "AWSCURRENT");
    if (current && (await isAccepted(url, current))) continue;
    const versionId = randomUUID();
    for (const step of rotationSteps) await rotate(users, { secretArn, versionId, step });
    repaired.push(name);
  }
  return { repaired };
}

const linksOf = (users: Users) => Object.keys(users) as LoginLink[];

const create = async (secret: SecretLink, users: readonly string[], versionId: string): Promise<void> => {
  if (await find(secret, "AWSPENDING", versionId)) return;
  const current = await find(secret, "AWSCURRENT");
  const username = users[(users.indexOf(current?.username ?? "") + 1) % users.length]!;
  const password = randomBytes(30).toString("base64url");
  await writeVersion(secret, versionId, JSON.stringify({ username, password }), "AWSPENDING");
};

const set = async (pending: Credentials, versionId: string): Promise<void> => {
  const { username, password } = pending;
  await asMaster((sql) => sql.unsafe(`alter role "${username}" password ${literal(verifier(password))}`).simple());
  const ofProxy = resource("ProxyLogins").users[username];
  if (ofProxy) await writeVersion(ofProxy, versionId, JSON.stringify(pending), "AWSCURRENT");
};

/** What PostgreSQL keeps of a password (RFC 5803), so that none of its logs and statistics ever sees the password itself. */
const verifier = (password: string): string => {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const hmac = (key: string) => createHmac("sha256", salted).update(key).digest();
  const stored = createHash("sha256").update(hmac("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${stored}:${hmac("Server Key").toString("base64")}`;
};

/** The master, whose own password may be between its second step and its last. */
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

/** The proxy reads its copy by itself, in its own time. */
const patienceMs = 45_000;

const test = async (url: string, pending: Credentials): Promise<void> => {
  const deadline = performance.now() + patienceMs;
  while (!(await isAccepted(url, pending))) {
    if (performance.now() > deadline) throw new Error(`The database refuses the new password of ${pending.username}.`);
    await sleep(1_000);
  }
};

/** @throws Error when the database cannot be asked. */
const isAccepted = async (url: string, credentials: Credentials): Promise<boolean> => {
  const sql = poolOn(withCredentials(url, credentials), { max: 1 });
  try {
    await sql`select 1`;
    return true;
  } catch (error) {
    if (isLoginRefused(error)) return false;
    throw error;
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
    if ((error as Error).name === "ResourceNotFoundException") return undefined;
    throw error;
  }
};
