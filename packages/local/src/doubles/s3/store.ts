import { mkdirSync, rmSync } from "node:fs";
import { link, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { S3Error } from "./s3-error.ts";

export type Lock = { mode: "GOVERNANCE" | "COMPLIANCE"; until: string };

/** A version or a delete marker of a key. Later ids are greater. */
export type Version = {
  id: string;
  isMarker: boolean;
  size: number;
  etag: string;
  storedAt: string;
  /** Headers of a GET: content-type and others, x-amz-meta-…, checksums. */
  headers: Record<string, string>;
  lock?: Lock | undefined;
  hasLegalHold?: boolean | undefined;
  replication?: "PENDING" | "COMPLETED" | "REPLICA" | undefined;
};
export type Listed = { key: string; id: string; isLatest: boolean };

/** The longest key in bytes (S3), and the longest name of a file. */
const keyBytesMax = 1024;
const nameBytesMax = 250;

/**
 * Objects with versions on disk. A key is a path of folders, and its last folder has two files for each version: the bytes, and
 * their description, whose rename commits the version. So a kill leaves either the whole version or nothing that is visible.
 */
export class ObjectStore {
  /** A folder for bodies under way. What a killed process left there is deleted. */
  readonly staging: string;
  readonly #root: string;
  /** The last piece of work on each key, since a write reads the current version first. */
  readonly #queues = new Map<string, Promise<unknown>>();
  #lastId = 0;

  constructor(root: string) {
    this.#root = root;
    this.staging = join(root, ".staging");
    rmSync(this.staging, { recursive: true, force: true });
    mkdirSync(this.staging, { recursive: true });
  }

  /** Runs `work` alone for this key. */
  async alone<T>(bucket: string, key: string, work: () => Promise<T>): Promise<T> {
    const name = `${bucket}/${key}`;
    const result = (this.#queues.get(name) ?? Promise.resolve()).then(work, work);
    this.#queues.set(name, result);
    try {
      return await result;
    } finally {
      if (this.#queues.get(name) === result) this.#queues.delete(name);
    }
  }

  /** An id that is greater than that of the current version, also when the clock was set back. */
  newId(current: Version | undefined): string {
    this.#lastId = Math.max(this.#lastId + 1, Date.now() * 1000, Number(current?.id ?? 0) + 1);
    return String(this.#lastId);
  }

  /** The version with this id, else the newest one. A delete marker is a version. */
  async find(bucket: string, key: string, id?: string | null): Promise<Version | undefined> {
    const found = id ?? (await this.#ids(bucket, key))[0];
    if (!found || !/^\d+$/.test(found)) return undefined;
    const text = await readFile(join(this.#folder(bucket, key), `${found}.json`), "utf8").catch(missing);
    return text === undefined ? undefined : JSON.parse(text);
  }

  fileOf = (bucket: string, key: string, id: string): string => join(this.#folder(bucket, key), `${id}.data`);

  /** Adds a version; `file` becomes its bytes. Call it within `alone`. */
  async add(bucket: string, key: string, version: Version, file?: string): Promise<void> {
    const folder = this.#folder(bucket, key);
    await inFolder(folder, async () => {
      if (file) await rename(file, join(folder, `${version.id}.data`));
      await this.describe(bucket, key, version);
    });
  }

  /** Replaces the description of a version. Call it within `alone`. */
  async describe(bucket: string, key: string, version: Version): Promise<void> {
    const folder = this.#folder(bucket, key);
    await writeFile(join(folder, `${version.id}.new`), JSON.stringify(version));
    await rename(join(folder, `${version.id}.new`), join(folder, `${version.id}.json`));
  }

  /** Deletes a version for ever. Call it within `alone`. */
  async remove(bucket: string, key: string, id: string): Promise<void> {
    const folder = this.#folder(bucket, key);
    for (const kind of ["json", "data"]) await rm(join(folder, `${id}.${kind}`), { force: true });
    for (let empty = folder; empty !== join(this.#root, bucket); empty = dirname(empty))
      if (
        !(await rmdir(empty).then(
          () => true,
          () => false,
        ))
      )
        return;
  }

  /** The same bytes under the same id in another bucket. */
  async copy(from: string, to: string, key: string, version: Version): Promise<void> {
    const folder = this.#folder(to, key);
    await inFolder(folder, async () => {
      if (!version.isMarker)
        await link(this.fileOf(from, key, version.id), join(folder, `${version.id}.data`)).catch((error) => {
          if (error.code !== "EEXIST") throw error;
        });
      await this.describe(to, key, version);
    });
  }

  /** All versions of keys that begin with `prefix`: by key, the newest first. */
  async list(bucket: string, prefix: string): Promise<Listed[]> {
    const root = join(this.#root, bucket);
    const folders = prefix.split("/").slice(0, -1).map(folderName);
    const start = join(root, ...folders);
    const names = await readdir(start, { recursive: true }).catch(missing);
    const found = (names ?? []).flatMap((name) => {
      const [, path, id] = /^(.+)@[/\\](\d+)\.json$/.exec(relative(root, join(start, name))) ?? [];
      if (!path || !id) return [];
      const key = path
        .split(sep)
        .map((part) => decodeURIComponent(part.replace(/=$/, "")))
        .join("/");
      return key.startsWith(prefix) ? [{ key, id }] : [];
    });
    found.sort((a, b) => (a.key === b.key ? Number(b.id) - Number(a.id) : a.key < b.key ? -1 : 1));
    return found.map((one, n) => ({ ...one, isLatest: found[n - 1]?.key !== one.key }));
  }

  async #ids(bucket: string, key: string): Promise<string[]> {
    const names = (await readdir(this.#folder(bucket, key)).catch(missing)) ?? [];
    return names.flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? []).sort((a, b) => Number(b) - Number(a));
  }

  #folder(bucket: string, key: string): string {
    if (Buffer.byteLength(key) > keyBytesMax) throw new S3Error(400, "KeyTooLongError", "Your key is too long");
    const parts = key.split("/");
    const name = parts.pop() ?? "";
    return join(this.#root, bucket, ...parts.map(folderName), `${encoded(name)}@`);
  }
}

/** `=` and `@` do not occur in encoded names, so no key is a folder of another one, and none is `.` or `..`. */
const folderName = (part: string): string => `${encoded(part)}=`;

const encoded = (part: string): string => {
  const name = encodeURIComponent(part);
  if (name.length > nameBytesMax) throw new S3Error(400, "KeyTooLongError", "A part of your key is too long");
  return name;
};

const missing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== "ENOENT") throw error;
};

/** Creates a folder and works in it. Another request may delete it meanwhile, because it was empty. */
const inFolder = async (folder: string, work: () => Promise<void>): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    await mkdir(folder, { recursive: true });
    try {
      return await work();
    } catch (error) {
      // The errors of the file system have a code.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempt === 3) throw error;
    }
  }
};
