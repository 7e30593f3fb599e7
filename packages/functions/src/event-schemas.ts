import { Event } from "@resolve/core/platform/envelope";
import type { EventType } from "@resolve/core/platform/events";
import { idPrefixes } from "@resolve/core/platform/id";
import { z } from "zod";

type JsonSchema = Record<string, unknown>;

/** The JSON Schema of an event's `data`. */
export const dataSchemaOf = ({ schema }: EventType): JsonSchema => plain(z.toJSONSchema(schema));

/** The JSON Schema of a whole event of one type, as the log, EventBridge and webhooks carry it. */
export const schemaOf = (event: EventType): JsonSchema => {
  // An id is a custom type, whose pattern is in its metadata.
  const { properties, ...envelope } = plain(z.toJSONSchema(Event, { unrepresentable: "any" }));
  return {
    ...envelope,
    title: event.type,
    description: event.summary,
    properties: {
      // The schema of an object has properties.
      ...(properties as Record<string, JsonSchema>),
      type: { const: event.type },
      version: { const: event.version },
      data: dataSchemaOf(event),
    },
  };
};

/** An event of this type with the sample's data. */
export const sampleOf = ({ type, version, subjectType, sample }: EventType): JsonSchema => ({
  id: "evt_01k9x0000000e0080000000000",
  type,
  version,
  tenantId: "ten_01k9x0000000e0080000000000",
  sequence: 42,
  occurredAt: "2026-01-01T00:00:00.000Z",
  actor: "system:relay",
  subject: { type: subjectType, id: `${prefixOf(subjectType)}_01k9x0000000e0080000000000` },
  data: sample,
  traceparent: null,
});

/** The subject of an event is a kind of id. */
const prefixOf = (subjectType: string): string =>
  Object.entries(idPrefixes).find(([kind]) => kind === subjectType)?.[1] ?? subjectType;

/**
 * Without `$schema`; without the limits of JavaScript's integers, which are the same for every number; without the expression
 * that `format` stands for; and open for properties to come.
 */
const plain = (schema: JsonSchema): JsonSchema => {
  const { $schema: _, ...rest } = JSON.parse(JSON.stringify(schema)) as JsonSchema;
  return strip(rest) as JsonSchema;
};

const strip = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== "object" || value === null) return value;
  const isLimit = (name: string, one: unknown) =>
    (name === "maximum" || name === "minimum") && typeof one === "number" && Math.abs(one) === Number.MAX_SAFE_INTEGER;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, one]) => !isLimit(name, one) && !(name === "additionalProperties" && one === false))
      .filter(([name]) => !(name === "pattern" && "format" in value))
      .map(([name, one]) => [name, strip(one)]),
  );
};
