import { expect, test } from "vitest";
import { newId } from "./id.ts";
import { redact } from "./redact.ts";

test("ids, times, numbers and types stay, also in lists, and every other text is replaced by its length", () => {
  const id = newId("document");
  const body = {
    type: ["document.ready", "document.failed"],
    ids: [id, "a secret"],
    at: "2026-12-03T10:00:00.000Z",
    attempts: 3,
    gone: null,
    headers: { type: "a secret", list: [id] },
    nested: [{ cause: "timeout", text: "a text" }],
  };
  expect(redact(body)).toEqual({
    ...body,
    ids: [id, "[8 characters]"],
    headers: { type: "[8 characters]", list: ["[30 characters]"] },
    nested: [{ cause: "timeout", text: "[6 characters]" }],
  });
});
