import { randomUUID } from "node:crypto";
import { within } from "@resolve/core/platform/within";
import { type FunctionName, functions } from "@resolve/functions/topology";

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const repository = new URL("../../../", import.meta.url);
const loaded = new Map<FunctionName, Promise<Handler>>();

/** The invocation exceeded the function's timeout. */
export class FunctionTimeout extends Error {
  override readonly name = "FunctionTimeout";
}

const load = (name: FunctionName): Promise<Handler> => {
  const known = loaded.get(name);
  if (known) return known;
  const [, path, exported = ""] = /^(.+)\.(\w+)$/.exec(functions[name].handler) ?? [];
  // The topology names an export of the module.
  const module = import(new URL(`${path}.ts`, repository).href).then(
    (module: Record<string, Handler>) => module[exported]!,
  );
  loaded.set(name, module);
  return module;
};

/**
 * Invokes the real handler of a function as Lambda does, with event, context and timeout. @throws FunctionTimeout, or
 * the handler's error
 */
export async function invoke(name: FunctionName, event: unknown): Promise<unknown> {
  const handler = await load(name);
  const { timeoutSeconds, memoryMb } = functions[name];
  const deadline = Date.now() + timeoutSeconds * 1000;
  const context = {
    awsRequestId: randomUUID(),
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    memoryLimitInMB: String(memoryMb),
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  return within(
    timeoutSeconds * 1000,
    handler(event, context),
    () => new FunctionTimeout(`${name} timed out after ${timeoutSeconds} s`),
  );
}
