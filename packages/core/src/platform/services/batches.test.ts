import fc from "fast-check";
import { expect, test } from "vitest";
import { messageBytesMax, type SendFailure, sendBatches } from "./batches.ts";

const entriesOf = (sizes: number[]) => sizes.map((bytes, n) => ({ id: String(n), bytes }));
const none = new Map<string, SendFailure>();
const refusal = () => Object.assign(new Error("no"), { name: "InvalidMessageContents", $fault: "client" });

test("H3: batches are limited by bytes and by number, and every entry is sent once and in order", () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: messageBytesMax })), async (sizes) => {
      const sent: string[] = [];
      await sendBatches(entriesOf(sizes), async (batch) => {
        expect(batch.length).toBeLessThanOrEqual(10);
        expect(batch.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(messageBytesMax);
        sent.push(...batch.map(({ id }) => id));
        return none;
      });
      expect(sent).toEqual(sizes.map((_, n) => String(n)));
    }),
  ));

test("an entry that makes the service refuse its batch fails alone", async () => {
  const failures = await sendBatches(entriesOf([1, 2, 3]), async (batch) => {
    if (batch.some(({ id }) => id === "1")) throw refusal();
    return none;
  });
  expect([...failures]).toEqual([["1", { isRefused: true, error: "InvalidMessageContents" }]]);
});

test.each([
  ["cannot be reached", new Error("ECONNREFUSED")],
  ["throttles", Object.assign(refusal(), { name: "ThrottlingException" })],
  ["denies the function's permission", Object.assign(refusal(), { $metadata: { httpStatusCode: 403 } })],
])("when the service %s, no entry is refused and the rest is not tried", async (_, error) => {
  for (const [isOrdered, callsMax] of [
    [true, 1],
    [false, 4],
  ] as const) {
    let calls = 0;
    const send = async () => {
      calls += 1;
      throw error;
    };
    const failures = await sendBatches(entriesOf(Array(65).fill(1)), send, { isOrdered });
    // What is under way when the first call fails, of seven batches.
    expect(calls).toBe(callsMax);
    expect(failures.size).toBe(65);
    expect([...failures.values()].every(({ isRefused }) => !isRefused)).toBe(true);
  }
});
