import type { Fonts } from "./charset.ts";
import type { State } from "./state.ts";

const charsMax = 1000;

/** Reads the names in the tables of fonts and styles, each of which ends with a semicolon. */
export class Names {
  readonly #headingLevels = new Map<number, number>();
  #name = "";

  add(text: string, { destination, font, style, outlineLevel }: State, fonts: Fonts): void {
    this.#name = (this.#name + text).slice(0, charsMax);
    if (!text.includes(";")) return;
    const name = this.#name.trim();
    this.#name = "";
    if (destination === "fonts") {
      fonts.setName(font, name);
      return;
    }
    const heading = /^heading (\d)\b/i.exec(name);
    const level = outlineLevel ?? (heading ? Number(heading[1]) - 1 : undefined);
    if (level !== undefined) this.#headingLevels.set(style ?? 0, level);
  }

  /** The level of a paragraph that is a heading, from 1. */
  headingLevel({ style, outlineLevel }: State): number | undefined {
    const level = outlineLevel ?? this.#headingLevels.get(style ?? -1);
    // Level 9 is body text.
    return level !== undefined && level >= 0 && level < 9 ? level + 1 : undefined;
  }
}
