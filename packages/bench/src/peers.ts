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

/** The stores of other frameworks, by name. They are not part of the workspace; the first call installs them. */
export async function loadPeers(): Promise<Record<string, Open>> {
  const cwd = fileURLToPath(folder);
  if (!existsSync(`${cwd}node_modules`)) {
    console.log("Installing the peers …");
    execFileSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], {
      cwd,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  return (await import(new URL("stores.mjs", folder).href)).stores;
}
