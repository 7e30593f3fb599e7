/// <reference path="../.sst/platform/config.d.ts" />
import { type FunctionName, type FunctionSpec, functions } from "../packages/functions/src/topology.ts";
import { prepareFiles } from "./bundles.ts";
import { grants, linksOf, type Parts } from "./grants.ts";
import { mapValues, pascal } from "./names.ts";
import { served } from "./release.ts";

export type Functions = Record<FunctionName, sst.aws.Function>;

/** One function and one role for each of the topology's, with the exact actions its links need. */
export const createFunctions = async (parts: Parts): Promise<Functions> => {
  const files = await prepareFiles(functions);
  return mapValues<FunctionName, FunctionSpec, sst.aws.Function>(
    functions,
    (spec, name) =>
      new sst.aws.Function(pascal(name), {
        handler: spec.handler,
        runtime: "nodejs24.x",
        architecture: "arm64",
        timeout: `${spec.timeoutSeconds} seconds`,
        memory: `${spec.memoryMb} MB`,
        logging: { retention: parts.stage.logRetention, format: "json" },
        link: linksOf(parts, spec),
        permissions: grants(parts, name, spec),
        copyFiles: files.has(name) ? [{ from: files.get(name)!, to: "." }] : [],
        // Stack traces that can be read are worth the few kilobytes.
        nodejs: { minify: false },
        environment: { POWERTOOLS_SERVICE_NAME: name, POWERTOOLS_METRICS_NAMESPACE: "Resolve" },
        // What is served goes live version by version.
        versioning: served.includes(name),
        ...(spec.reservedConcurrency && parts.stage.reserveConcurrency
          ? { concurrency: { reserved: spec.reservedConcurrency } }
          : {}),
        transform: { function: { tracingConfig: { mode: "Active" } } },
      }),
  );
};
