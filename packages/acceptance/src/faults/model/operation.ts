import type { ApiResponse, Call } from "../../client.ts";
import type { Receivers } from "./receivers.ts";
import type { Model } from "./state.ts";

/** The system under test, and a caller for an API key. */
export type Real = { owner: Call; callerOf: (secret: string) => Call; receivers: Receivers };

/** An operation that fits every state: numbers choose among what exists. */
export type Operation = { name: string; run: (model: Model, real: Real) => Promise<void> };
/** @throws Error, so that the run fails with the operation, and a shorter run that also fails is searched for */
export const demand = (isTrue: boolean, message: string, response?: ApiResponse): void => {
  if (isTrue) return;
  throw new Error(response ? `${message}: ${response.status} ${JSON.stringify(response.body)}` : message);
};
export const isDone = ({ status }: ApiResponse): boolean => status >= 200 && status < 300;
export const at = <T>(items: readonly T[], n: number): T | undefined => items[n % Math.max(1, items.length)];

/** A number that no other name or text of the tenant has. */
export const numbered = (model: Model): number => {
  model.count += 1;
  return model.count;
};
export const newText = (model: Model, word: string): string => `The ${word} file speaks of lens ${numbered(model)}.`;
