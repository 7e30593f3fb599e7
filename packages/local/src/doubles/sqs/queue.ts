import { createHash, randomUUID } from "node:crypto";

/** An error that SQS responds: its code, and what was wrong. */
export class SqsError extends Error {
  readonly code: string;
  constructor(code: string, message: string = code) {
    super(message);
    this.code = code;
  }
}

export type Attributes = {
  isFifo: boolean;
  visibilitySeconds: number;
  retentionSeconds: number;
  bytesMax: number;
  deadLetters?: { queue: Queue; maxReceiveCount: number } | undefined;
};
export type Entry = {
  MessageBody?: string;
  DelaySeconds?: number;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
  MessageAttributes?: Record<string, { DataType: string; StringValue?: string }>;
};
type Message = {
  id: string;
  body: string;
  attributes: NonNullable<Entry["MessageAttributes"]>;
  groupId: string | undefined;
  deduplicationId: string | undefined;
  sequence: string;
  sentAt: number;
  visibleAt: number;
  receives: number;
  firstReceivedAt: number;
  /** Of the last receive. */
  handle: string | undefined;
};

const deduplicationMs = 5 * 60_000;
const visibilitySecondsMax = 43_200;
/** Characters that SQS refuses in a message (API reference, SendMessage). */
const refusedCharacters = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** A queue in memory. Messages are in the order in which they were sent. */
export class Queue {
  readonly name: string;
  readonly attributes: Attributes;
  readonly #now: () => number;
  #messages: Message[] = [];
  readonly #sent = new Map<string, { at: number; id: string; sequence: string }>();
  readonly #waiting = new Set<() => void>();
  #sequence = 0;
  #duplicates = 0;

  constructor(name: string, attributes: Attributes, now: () => number) {
    this.name = name;
    this.attributes = attributes;
    this.#now = now;
  }

  /** The next sent messages of a standard queue are delivered twice, as SQS sometimes does. */
  duplicate(messages: number): void {
    this.#duplicates += messages;
  }

  /** @throws SqsError */
  send(entry: Entry): { MessageId: string; MD5OfMessageBody: string; SequenceNumber?: string } {
    const { isFifo, bytesMax } = this.attributes;
    const {
      MessageBody: body = "",
      DelaySeconds,
      MessageGroupId,
      MessageDeduplicationId,
      MessageAttributes = {},
    } = entry;
    if (body === "") throw new SqsError("MissingParameter", "The request must contain the parameter MessageBody.");
    if (refusedCharacters.test(body)) throw new SqsError("InvalidMessageContents");
    if (sizeOf(entry) > bytesMax)
      throw new SqsError(
        "InvalidParameterValue",
        `One or more parameters are invalid. Reason: Message must be shorter than ${bytesMax} bytes.`,
      );
    if (isFifo && (!MessageGroupId || !MessageDeduplicationId))
      throw new SqsError(
        "MissingParameter",
        "The request must contain the parameters MessageGroupId and MessageDeduplicationId.",
      );
    if (isFifo ? DelaySeconds : MessageDeduplicationId)
      throw new SqsError(
        "InvalidParameterValue",
        "The request includes a parameter that is not valid for this queue type.",
      );
    const at = this.#now();
    const known = MessageDeduplicationId === undefined ? undefined : this.#sent.get(MessageDeduplicationId);
    // SQS accepts a repeat, also of a deleted message, and delivers nothing.
    if (known && at - known.at < deduplicationMs)
      return { MessageId: known.id, MD5OfMessageBody: md5(body), SequenceNumber: known.sequence };
    this.#sequence += 1;
    const message: Message = {
      id: randomUUID(),
      body,
      attributes: MessageAttributes,
      groupId: MessageGroupId,
      deduplicationId: MessageDeduplicationId,
      sequence: String(this.#sequence).padStart(20, "0"),
      sentAt: at,
      visibleAt: at + (DelaySeconds ?? 0) * 1000,
      receives: 0,
      firstReceivedAt: 0,
      handle: undefined,
    };
    if (MessageDeduplicationId !== undefined) this.#sent.set(MessageDeduplicationId, { at, ...message });
    this.#add(message);
    if (!isFifo && this.#duplicates > 0) {
      this.#duplicates -= 1;
      this.#add({ ...message });
    }
    return {
      MessageId: message.id,
      MD5OfMessageBody: md5(body),
      ...(isFifo ? { SequenceNumber: message.sequence } : {}),
    };
  }

  #add(message: Message): void {
    this.#messages.push(message);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Waits for messages, until `isGone` says that nobody waits for them any more. */
  async receive(maximum: number, waitSeconds: number, visibilitySeconds: number | undefined, isGone: () => boolean) {
    const deadline = this.#now() + waitSeconds * 1000;
    for (;;) {
      if (isGone()) return [];
      const taken = this.#take(maximum, visibilitySeconds ?? this.attributes.visibilitySeconds);
      const left = deadline - this.#now();
      if (taken.length > 0 || left <= 0) return taken;
      await this.#changed(Math.min(left, this.#untilVisible()));
    }
  }

  /** Ends the waits of receivers whose connection has closed. */
  stopWaiting(): void {
    this.#wake();
  }

  #changed(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#waiting.add(wake);
    });
  }

  #untilVisible(): number {
    const at = this.#now();
    const next = this.#messages.reduce(
      (earliest, { visibleAt }) => (visibleAt > at ? Math.min(earliest, visibleAt) : earliest),
      Number.POSITIVE_INFINITY,
    );
    return Math.max(1, next - at);
  }

  #take(maximum: number, visibilitySeconds: number): object[] {
    const at = this.#now();
    const { retentionSeconds, deadLetters, isFifo } = this.attributes;
    this.#messages = this.#messages.filter(({ sentAt }) => at - sentAt < retentionSeconds * 1000);
    const blocked = new Set<string | undefined>();
    const taken: Message[] = [];
    for (const message of [...this.#messages]) {
      if (taken.length === maximum) break;
      if (isFifo && blocked.has(message.groupId)) continue;
      if (message.visibleAt > at) {
        // The messages behind one that is in flight wait, so that the group keeps its order.
        blocked.add(message.groupId);
        continue;
      }
      if (deadLetters && message.receives >= deadLetters.maxReceiveCount) {
        this.#remove(message);
        deadLetters.queue.#add({ ...message, receives: 0, visibleAt: at, handle: undefined });
        continue;
      }
      message.receives += 1;
      message.firstReceivedAt ||= at;
      message.visibleAt = at + visibilitySeconds * 1000;
      message.handle = `${message.id}/${randomUUID()}`;
      taken.push(message);
    }
    return taken.map((message) => ({
      MessageId: message.id,
      ReceiptHandle: message.handle,
      Body: message.body,
      MD5OfBody: md5(message.body),
      MessageAttributes: message.attributes,
      Attributes: {
        SenderId: "000000000000",
        SentTimestamp: String(message.sentAt),
        ApproximateReceiveCount: String(message.receives),
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
        ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
        ...(isFifo ? { MessageDeduplicationId: message.deduplicationId, SequenceNumber: message.sequence } : {}),
      },
    }));
  }

  #remove(message: Message): void {
    this.#messages.splice(this.#messages.indexOf(message), 1);
    this.#wake();
  }

  /** The message of the last receive with this handle; undefined when it was received again or deleted. @throws SqsError */
  #held(handle: string | undefined): Message | undefined {
    if (!/^[0-9a-f-]{36}\/[0-9a-f-]{36}$/.test(handle ?? ""))
      throw new SqsError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
    return this.#messages.find((one) => one.handle === handle);
  }

  /** @throws SqsError also when the message of a FIFO queue is no longer in flight */
  delete(handle: string | undefined): void {
    const message = this.#held(handle);
    if (this.attributes.isFifo && message && message.visibleAt <= this.#now())
      throw new SqsError(
        "InvalidParameterValue",
        `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
      );
    if (message) this.#remove(message);
  }

  /** @throws SqsError when the message is not in flight */
  changeVisibility(handle: string | undefined, seconds: number): void {
    if (!(seconds >= 0 && seconds <= visibilitySecondsMax)) throw new SqsError("InvalidParameterValue");
    const message = this.#held(handle);
    if (!message || message.visibleAt <= this.#now()) throw new SqsError("MessageNotInflight");
    message.visibleAt = this.#now() + seconds * 1000;
    this.#wake();
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    const at = this.#now();
    const later = this.#messages.filter(({ visibleAt }) => visibleAt > at);
    const inFlight = later.filter(({ receives }) => receives > 0).length;
    return { visible: this.#messages.length - later.length, inFlight, delayed: later.length - inFlight };
  }
}

/** The size of a message: its body and its attributes (SQS developer guide, "Message attributes"). */
export const sizeOf = ({ MessageBody = "", MessageAttributes = {} }: Entry): number =>
  Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType, StringValue = "" }]) => sum + Buffer.byteLength(name + DataType + StringValue),
    Buffer.byteLength(MessageBody),
  );
