import { ommlText } from "../equations/omml.ts";
import type { XmlElement } from "../xml/tree.ts";
import type { State } from "./state.ts";

/**
 * The equations of a file (RTF 1.9.1, "Math"). Their groups have the names of the elements of Office Math after the letter m:
 * `{\mf{\mnum{\mr a}}{\mden{\mr b}}}`. They are collected as those elements.
 */
export class Equations {
  /** The elements whose groups are open in the current equation, the outermost first. */
  #open: XmlElement[] = [];

  /** Begins an equation; at the end of its group `add` gets its text. */
  begin(word: string, state: State, add: (text: string) => void): void {
    const outer = this.#open;
    const equation = elementOf(word);
    this.#open = [equation];
    state.onClose = () => {
      this.#open = outer;
      add(ommlText(equation));
    };
  }

  /** Begins a part of the equation that the group is in. False when it is none. */
  beginPart(word: string, state: State): boolean {
    const outer = this.#open.at(-1);
    if (state.destination !== "equation" || !outer || !/^m[a-zA-Z]/.test(word)) return false;
    const part = elementOf(word);
    outer.children.push(part);
    this.#open.push(part);
    state.onClose = () => this.#open.pop();
    return true;
  }

  /** Adds the words of a run, or the value of a property such as `{\mchr ∑}`. */
  add(text: string): void {
    const element = this.#open.at(-1);
    if (!element) return;
    if (this.#open.at(-2)?.name.endsWith("Pr")) element.attributes["m:val"] = text.trim();
    else {
      const words: XmlElement = { name: "m:t", attributes: {}, children: [text] };
      element.children.push(element.name === "m:r" ? words : { name: "m:r", attributes: {}, children: [words] });
    }
  }
}

const elementOf = (word: string): XmlElement => ({ name: `m:${word.slice(1)}`, attributes: {}, children: [] });
