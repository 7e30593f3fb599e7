import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { within } from "@resolve/core/platform/within";
import { type FunctionName, type FunctionSpec, functions } from "@resolve/functions/topology";
import { abandon, newInvocation, runInvocation } from "./lambda-sockets.ts";

export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const repository = new URL("../../../", import.meta.url);
const loaded = new Map<FunctionName, Promise<Handler>>();

/** The invocation exceeded the function's timeout. */
export class FunctionTimeout extends Error {
  override readonly name = "FunctionTimeout";
  constructor(name: FunctionName) {
    super(`${name} timed out after ${functions[name].timeoutSeconds} s`);
  }
}

/** As many executions of the function are under way as it may have; Lambda responds 429, and API Gateway 503. */
export class TooManyExecutions extends Error {
  override readonly name = "TooManyExecutions";
}

/** The event or the result is larger than Lambda accepts. */
export class PayloadTooLarge extends Error {
  override readonly name = "PayloadTooLarge";
  readonly of: "event" | "result";
  constructor(of: PayloadTooLarge["of"], name: FunctionName, bytes: number, bytesMax: number) {
    super(`the ${of} of ${name} has ${bytes} bytes, and Lambda accepts ${bytesMax}`);
    this.of = of;
  }
}

/** Lambda quotas: of an event and a result, as JSON, and of the event of an asynchronous invocation (EventBridge, Scheduler). */
export const payloadBytesMax = 6_291_556;
export const asyncEventBytesMax = 1_048_576;

/** The value as JSON, as it leaves and enters a function. @throws PayloadTooLarge */
export const payloadOf = (
  of: PayloadTooLarge["of"],
  name: FunctionName,
  value: unknown,
  bytesMax = payloadBytesMax,
): string => {
  const text = JSON.stringify(value) ?? "null";
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax) throw new PayloadTooLarge(of, name, bytes, bytesMax);
  return text;
};

/** The handler of a function. */
export const load = (name: FunctionName): Promise<Handler> => {
  const known = loaded.get(name);
  if (known) return known;
  const [, path = "", exported = ""] = /^(.+)\.(\w+)$/.exec(functions[name].handler) ?? [];
  const isSource = import.meta.url.endsWith(".ts");
  const file = isSource ? new URL(`${path}.ts`, repository) : new URL(`./${basename(path)}.mjs`, import.meta.url);
  // The topology names an export of the module.
  const module = import(file.href).then((module: Record<string, Handler>) => module[exported]!);
  loaded.set(name, module);
  return module;
};

/** Calls the handler with Lambda's context, and returns its result as JSON. The caller ends it at the deadline. */
export const run = async (name: FunctionName, handler: Handler, payload: string): Promise<string> => {
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
  return payloadOf("result", name, await handler(JSON.parse(payload), context));
};

/**
 * Invokes a function in this thread, with event, context, timeout, payload limits and reserved concurrency as Lambda does. At the
 * timeout its connections are closed, which ends its queries and requests; only a thread of the pool can also end its computing.
 *
 * @throws FunctionTimeout, PayloadTooLarge, TooManyExecutions, or the handler's error
 */
export async function invoke(name: FunctionName, event: unknown, handler?: Handler): Promise<unknown> {
  const payload = payloadOf("event", name, event);
  const { timeoutSeconds, reservedConcurrency = Number.POSITIVE_INFINITY }: FunctionSpec = functions[name];
  const others = executions.get(name) ?? 0;
  if (others >= reservedConcurrency) throw new TooManyExecutions(`${name} has ${others} executions`);
  executions.set(name, others + 1);
  try {
    return await execute(name, payload, timeoutSeconds, handler);
  } finally {
    executions.set(name, executions.get(name)! - 1);
  }
}

/** Of each function, those under way in this thread. */
const executions = new Map<FunctionName, number>();

const execute = async (
  name: FunctionName,
  payload: string,
  timeoutSeconds: number,
  handler?: Handler,
): Promise<unknown> => {
  const called = handler ?? (await load(name));
  const invocation = newInvocation(name);
  const result = runInvocation(invocation, async () => {
    const value = JSON.parse(await run(name, called, payload));
    // The API responds 503 itself, shortly before Lambda would, while its work goes on.
    if (value?.statusCode === 503) abandon(invocation);
    return value;
  });
  return within(timeoutSeconds * 1000, result, () => {
    abandon(invocation);
    return new FunctionTimeout(name);
  });
};
