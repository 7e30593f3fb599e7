import { expect, test } from "vitest";
import { continueTrace } from "./trace.ts";

const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const stateOf = (tracestate: string) => continueTrace({ traceparent, tracestate }).tracestate;
const many = (count: number) => Array.from({ length: count }, (_, n) => `v${n}=1`);

test("a tracestate is passed on in its order, without empty members and blanks around them", () => {
  for (const given of ["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "dd=s:2;o:rum,t@s/a_b-c*=a b", many(32).join()])
    expect(stateOf(given)).toBe(given);
  expect(stateOf(" rojo=1 , ,\tcongo=2,")).toBe("rojo=1,congo=2");
});

test.each([
  ["no member", " , "],
  ["an upper case key", "Rojo=1"],
  ["no value", "rojo="],
  ["a second equals sign", "rojo=1=2"],
  ["a character that no header has", "rojo=1\u0000"],
  ["33 members", many(33).join()],
])("a tracestate with %s is dropped, and its trace goes on", (_, tracestate) => {
  const trace = continueTrace({ traceparent, tracestate });
  expect(trace.tracestate).toBeUndefined();
  expect(trace.traceparent).toContain("4bf92f3577b34da6a3ce929d0e0e4736");
});

test("a trace that begins here has no tracestate", () => {
  expect(continueTrace({ tracestate: "rojo=1" }).tracestate).toBeUndefined();
  expect(continueTrace({ traceparent: "rojo", tracestate: "rojo=1" }).tracestate).toBeUndefined();
});

test("beyond 512 characters whole members are removed: large ones first, then the last ones", () => {
  const [large, fitting] = [`large=${"x".repeat(200)}`, `fitting=${"y".repeat(100)}`];
  const rest = Array.from({ length: 10 }, (_, n) => `v${n}=${"z".repeat(47)}`);
  expect(stateOf([large, fitting, ...rest.slice(0, 7)].join())).toBe([fitting, ...rest.slice(0, 7)].join());
  // Ten of 50 and the commas between them are 509 characters.
  expect(stateOf([...rest, "w=1"].join())).toBe(rest.join());
  expect(stateOf([...rest, "w="].join())).toBeUndefined();
});
