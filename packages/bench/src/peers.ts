import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type PeerRow = { text: string; vector: number[]; metadata: Record<string, unknown> };
export type PeerStore = {
  prepare(rows: PeerRow[]): () => Promise<unknown>;
  buildIndex(): Promise<unknown>;
  /** Texts of the nearest rows of a tenant, best first. */
  search(vector: number[], tenantId: string, limit: number): Promise<string[]>;
  close(): Promise<unknown>;
};
type Options = { dimension: number; hnsw: boolean; keywords: boolean; filtered?: string[] };
type Open = (url: string, table: string, options: Options) => Promise<PeerStore>;

const folder = new URL("../peers/", import.meta.url);

/** The peers are not part of the workspace; the first call installs them. */
const load = async (file: string) => {
  const cwd = fileURLToPath(folder);
  if (!existsSync(`${cwd}node_modules/mammoth`)) {
    console.log("Installing the peers …");
    // Not `npm ci`, which fails when a registry lacks the optional packages of another platform.
    execFileSync("npm", ["install", "--no-save", "--ignore-scripts", "--loglevel=error"], {
      cwd,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  return import(new URL(file, folder).href);
};

/** The stores of other frameworks, by name. */
export const loadPeers = async (): Promise<Record<string, Open>> => (await load("stores.mjs")).stores;

/** The formats that other readers take, by name; read-files.ts runs them. */
export const loadReaders = async (): Promise<Record<string, readonly string[]>> => {
  const { readers } = await load("readers.mjs");
  return Object.fromEntries(
    Object.entries<{ formats: string[] }>(readers).map(([name, { formats }]) => [name, formats]),
  );
};
