import { ExtractionFailure } from "../../extraction.ts";
import type { XmlElement } from "../xml/tree.ts";
import type { Package } from "./package.ts";

/**
 * The tree of a part that a document can be read without, or undefined when it is missing or damaged. @throws
 * ExtractionFailure when it unpacks to more than it declares
 */
export const optionalPart = (parts: Package | undefined, name: string): XmlElement | undefined => {
  try {
    return parts?.xml(name);
  } catch (error) {
    if (error instanceof ExtractionFailure && error.code !== "corrupt") throw error;
    return undefined;
  }
};
