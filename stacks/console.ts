/// <reference path="../.sst/platform/config.d.ts" />
import type { Storage } from "./storage.ts";

const contentTypes: Record<string, string> = { css: "text/css", js: "text/javascript", svg: "image/svg+xml" };

/**
 * Uploads the console to the static bucket. A file name under `static/` contains a hash of the content, so caches may
 * keep the file for a year; index.html is revalidated at each request.
 */
export const createConsole = async ({ staticAssets }: Storage): Promise<void> => {
  const { createHash } = await import("node:crypto");
  const { readdir, readFile } = await import("node:fs/promises");
  const source = `${$cli.paths.root}/packages/console`;
  const put = (key: string, content: string, cacheControl: string, contentType: string) =>
    new aws.s3.BucketObjectv2(`Console-${key.replace(/\W/g, "-")}`, {
      bucket: staticAssets.name,
      key,
      content,
      cacheControl,
      contentType: `${contentType}; charset=utf-8`,
    });
  let page = await readFile(`${source}/index.html`, "utf8");
  for (const name of await readdir(`${source}/static`)) {
    const content = await readFile(`${source}/static/${name}`, "utf8");
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
    const key = `static/${name.replace(".", `.${hash}.`)}`;
    page = page.replaceAll(`/static/${name}`, `/${key}`);
    // `contentTypes` has the endings of all files of the console.
    put(key, content, "public, max-age=31536000, immutable", contentTypes[name.split(".").pop()!]!);
  }
  put("index.html", page, "no-cache", "text/html");
};
