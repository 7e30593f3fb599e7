import { fork } from "node:child_process";
import { once } from "node:events";
import type { TestProject } from "vitest/node";

/**
 * Provides the system under test: the running one of RESOLVE_API_URL and RESOLVE_OPERATOR_KEY, or else a new one in a
 * child process, which all suites of the project share because a start costs up to 15 CPU seconds on the embedded database.
 */
export default async function setup(project: TestProject) {
  const { RESOLVE_API_URL: apiUrl, RESOLVE_OPERATOR_KEY: operatorKey } = process.env;
  if (apiUrl) {
    if (!/^https?:\/\/.+\/api$/.test(apiUrl)) throw new Error(`RESOLVE_API_URL must end in /api, but is ${apiUrl}`);
    project.provide("system", { apiUrl, operatorKey });
    return;
  }
  const child = fork(new URL("../../local/src/testing-server.ts", import.meta.url));
  const ended = once(child, "exit");
  const [started] = await Promise.race([
    once(child, "message"),
    ended.then(([code]) => Promise.reject(new Error(`the system under test ended with ${code} before it was ready`))),
  ]);
  project.provide("system", started);
  return async () => {
    child.disconnect();
    await ended;
  };
}
