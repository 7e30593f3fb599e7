/** Why a queue or the bus did not take an entry. A refusal is about the entry itself: sending it again changes nothing. */
export type SendFailure = { isRefused: boolean; error: string };

/** Size of a message, of an event, and of all entries of one call. The stacks give the queues the same limit. */
export const messageBytesMax = 256 * 1024;
/** Entries of one call to SQS or EventBridge. */
const entriesMax = 10;
/** A call that takes longer fails: the SDK would wait without end, and the outbox with it. */
const callTimeoutMs = 5_000;

/** Ends one call: after its timeout, or when `signal` ends the whole work. */
export const callSignal = (signal?: AbortSignal): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(callTimeoutMs), ...(signal ? [signal] : [])]);

type Entry = { id: string; bytes: number };

/** Calls at a time. One call to EventBridge or SQS takes 10 to 20 ms, and a burst has hundreds. */
const callsMax = 4;

/**
 * Sends entries in batches of at most ten and `messageBytesMax`; with `isOrdered` one after the other. An entry that is refused
 * fails alone: a batch that is refused as a whole is sent again one entry at a time. When the service cannot be reached, the
 * remaining entries fail without a try. Returns the failures by the entries' ids.
 */
export async function sendBatches<E extends Entry>(
  entries: readonly E[],
  sendBatch: (batch: readonly E[]) => Promise<ReadonlyMap<string, SendFailure>>,
  { isOrdered = false } = {},
): Promise<Map<string, SendFailure>> {
  const failures = new Map<string, SendFailure>();
  const waiting = batchesOf(entries, failures);
  const fail = (batch: readonly E[], failure: SendFailure) => {
    for (const { id } of batch) failures.set(id, failure);
  };
  const work = async () => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
      try {
        for (const [id, failure] of await sendBatch(batch)) failures.set(id, failure);
      } catch (error) {
        const failure = { isRefused: isRefusal(error), error: error instanceof Error ? error.name : "unknown" };
        if (failure.isRefused && batch.length > 1) waiting.unshift(...batch.map((entry) => [entry]));
        else fail(batch, failure);
        if (!failure.isRefused) fail(waiting.splice(0).flat(), failure);
      }
    }
  };
  await Promise.all(Array.from({ length: isOrdered ? 1 : callsMax }, work));
  return failures;
}

const batchesOf = <E extends Entry>(entries: readonly E[], failures: Map<string, SendFailure>): E[][] => {
  const batches: E[][] = [];
  let bytes = messageBytesMax;
  for (const entry of entries) {
    if (entry.bytes > messageBytesMax) {
      failures.set(entry.id, { isRefused: true, error: `larger than ${messageBytesMax} bytes` });
      continue;
    }
    const current = batches.at(-1);
    if (current && current.length < entriesMax && bytes + entry.bytes <= messageBytesMax) {
      current.push(entry);
      bytes += entry.bytes;
    } else {
      batches.push([entry]);
      bytes = entry.bytes;
    }
  }
  return batches;
};

/** The service understood the request and does not accept it. The SDK marks such errors; throttling is not one. */
const isRefusal = (error: unknown): boolean => {
  // Anything can be thrown; what is not an object has none of these members.
  const { name, $fault, $retryable, $metadata } = Object(error) as {
    name?: unknown;
    $fault?: unknown;
    $retryable?: { throttling?: boolean };
    $metadata?: { httpStatusCode?: number };
  };
  // 403: the function's permissions are wrong, which is not the entry's fault.
  return (
    $fault === "client" &&
    !$retryable?.throttling &&
    !/throttl|TooMany|LimitExceeded/i.test(String(name)) &&
    ![403, 429].includes($metadata?.httpStatusCode ?? 400)
  );
};
