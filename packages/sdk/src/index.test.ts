import { expect, test } from "vitest";
import { ApiProblem, createClient, unwrap } from "./index.ts";

const failing = (response: Response) =>
  unwrap(
    createClient({ apiUrl: "http://api.example/api", apiKey: "k", fetch: async () => response }).GET("/api/v1/tenant"),
  ).catch((error) => error);
const headers = { "content-type": "application/json", "apigw-requestid": "abc=" };

test("what AWS refuses by itself is an ApiProblem with a code", async () => {
  for (const [status, message, code] of [
    [413, "Request Entity Too Large", "request-too-large"],
    [429, "Too Many Requests", "rate-limited"],
    [500, "Internal Server Error", "internal"],
    [503, "Service Unavailable", "unavailable"],
    [504, "Endpoint request timed out", "unavailable"],
  ] as const) {
    const error = await failing(new Response(JSON.stringify({ message }), { status, headers }));
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error.problem).toMatchObject({ status, code, detail: message, requestId: "abc=" });
  }
  expect((await failing(new Response("<html>", { status: 502 }))).problem.code).toBe("unavailable");
});

test("a problem of the API stays as it is, and another answer is no problem", async () => {
  const problem = { code: "not-found", status: 404, detail: "Nothing is there", requestId: "req_1" };
  expect((await failing(new Response(JSON.stringify(problem), { status: 404, headers }))).problem).toEqual(problem);
  expect(await failing(new Response("blocked", { status: 403 }))).not.toBeInstanceOf(ApiProblem);
});
