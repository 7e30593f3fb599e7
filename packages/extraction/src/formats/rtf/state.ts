import type { Fonts } from "./charset.ts";
import type { Destination } from "./destinations.ts";
import type { Flow } from "./flow.ts";

/** The state that a group inherits and that ends with it. */
export type State = {
  destination: Destination;
  flow: Flow;
  font: number;
  rightToLeftFont: number | undefined;
  eastAsianFont: number | undefined;
  /** Which of the fonts the text has. */
  run: "font" | "rightToLeftFont" | "eastAsianFont";
  /** How many fallback characters follow each `\u`. */
  fallback: number;
  isHidden: boolean;
  isDeleted: boolean;
  isRaised: boolean;
  /** True where a picture shows what is reported or described elsewhere. */
  isPictureKnown: boolean;
  // Of the paragraph.
  style: number | undefined;
  outlineLevel: number | undefined;
  isList: boolean;
  isInTable: boolean;
  tableDepth: number | undefined;
  // Of the group itself.
  isFirstWord: boolean;
  isStarred: boolean;
  /** Runs when the group ends. */
  onClose: (() => void) | undefined;
};

export const initialState = (flow: Flow): State => ({
  destination: "text",
  flow,
  font: -1,
  rightToLeftFont: undefined,
  eastAsianFont: undefined,
  run: "font",
  fallback: 1,
  isHidden: false,
  isDeleted: false,
  isRaised: false,
  isPictureKnown: false,
  style: undefined,
  outlineLevel: undefined,
  isList: false,
  isInTable: false,
  tableDepth: undefined,
  isFirstWord: false,
  isStarred: false,
  onClose: undefined,
});

/** The state of a paragraph without properties. */
export const plainParagraph = {
  style: undefined,
  outlineLevel: undefined,
  isList: false,
  isInTable: false,
  tableDepth: undefined,
} satisfies Partial<State>;

/** Applies a control word that is a property of characters, paragraphs, fonts or the document. */
export const applyProperty = (state: State, fonts: Fonts, word: string, value: number | undefined): void => {
  const isOn = value !== 0;
  const isFontTable = state.destination === "fonts";
  switch (word) {
    case "ansicpg":
      fonts.codePage = value || 1252;
      break;
    case "mac":
      fonts.codePage = 10000;
      break;
    case "pc":
      fonts.codePage = 437;
      break;
    case "pca":
      fonts.codePage = 850;
      break;
    case "fcharset":
      if (isFontTable) fonts.setCharset(state.font, value ?? 0);
      break;
    case "cpg":
      if (isFontTable) fonts.setCodePage(state.font, value ?? 0);
      break;
    case "deff":
    case "f":
      state.font = value ?? 0;
      state.run = "font";
      if (isFontTable) fonts.define(state.font);
      break;
    // The font of the last kind of text that is named: right to left, East Asian, or other.
    case "af":
      if (value !== undefined) state[state.run] = value;
      break;
    case "rtlch":
      state.run = "rightToLeftFont";
      break;
    case "dbch":
      state.run = "eastAsianFont";
      break;
    case "ltrch":
    case "loch":
    case "hich":
      state.run = "font";
      break;
    case "uc":
      state.fallback = Math.min(Math.max(0, value ?? 1), 100);
      break;
    case "plain":
      Object.assign(state, { isHidden: false, isDeleted: false, isRaised: false, run: "font" });
      break;
    case "v":
      state.isHidden = isOn;
      break;
    // Text that a tracked change deletes or moves away.
    case "deleted":
    case "mvf":
      state.isDeleted = isOn;
      break;
    case "super":
    case "up":
      state.isRaised = isOn;
      break;
    case "nosupersub":
    case "sub":
      state.isRaised = false;
      break;
    case "pard":
      Object.assign(state, plainParagraph);
      break;
    case "s":
      state.style = value;
      break;
    case "outlinelevel":
      state.outlineLevel = value;
      break;
    case "ls":
      state.isList = (value ?? 0) > 0;
      break;
    case "intbl":
      state.isInTable = true;
      break;
    case "itap":
      state.tableDepth = value;
      break;
  }
};
