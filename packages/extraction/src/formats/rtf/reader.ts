import { isUtf8 } from "node:buffer";
import { equationField } from "../equations/eq-field.ts";
import { HeadersAndFooters } from "../headers-and-footers.ts";
import type { ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { Fonts } from "./charset.ts";
import { characters, destinationOf, isFlow } from "./destinations.ts";
import { Equations } from "./equation.ts";
import { Flow, shownLabel, textOf } from "./flow.ts";
import { Names } from "./names.ts";
import { Pictures } from "./pictures.ts";
import { applyProperty, initialState, plainParagraph, type State } from "./state.ts";
import { RowDefinitions } from "./table.ts";
import { type Token, Tokens } from "./tokens.ts";

const groupsMax = 1000;

/** Reads the groups of a file from the first to the last byte, with a stack of what each inherits. */
export class RtfReader {
  readonly #bytes: Uint8Array;
  readonly #tokens: Tokens;
  readonly #builder: TextBuilder;
  readonly #isHiddenRead: boolean;
  readonly #body = new Flow();
  readonly #groups: State[] = [];
  readonly #fonts = new Fonts();
  readonly #names = new Names();
  readonly #headersAndFooters = new HeadersAndFooters();
  #state: State;
  /** Bytes whose characters are not known before the next byte is. */
  #pending: number[] = [];
  #fallbackLeft = 0;
  #property = "";
  readonly #equations = new Equations();
  #instruction = "";
  readonly #pictures: Pictures;
  readonly #rows = new RowDefinitions();
  #isRowOpen = false;
  #lastLeftOut: "hidden" | "deleted" | undefined;
  readonly #isUtf8: boolean;

  constructor(bytes: Uint8Array, builder: TextBuilder, { reading }: ReadOptions) {
    this.#bytes = bytes;
    this.#tokens = new Tokens(bytes);
    this.#builder = builder;
    this.#pictures = new Pictures(builder);
    this.#isHiddenRead = reading.hiddenText === "index";
    // RTF is ASCII; some programs write UTF-8 all the same.
    this.#isUtf8 =
      bytes.some((byte) => byte >= 0x80) && isUtf8(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    this.#state = initialState(this.#body);
  }

  read(): void {
    for (let token = this.#tokens.next(); token.kind !== "end"; token = this.#tokens.next()) this.#readToken(token);
    this.#flush();
    while (this.#groups.length > 0) this.#close();
    for (const block of this.#body.finish(this.#format())) this.#builder.add(block);
    for (const block of this.#headersAndFooters.atEnd) this.#builder.add(block);
  }

  #readToken(token: Token): void {
    switch (token.kind) {
      case "open":
        this.#flush();
        this.#fallbackLeft = 0;
        if (this.#groups.length >= groupsMax) throw new Error("groups are nested too deeply");
        this.#groups.push(this.#state);
        this.#state = { ...this.#state, isFirstWord: true, isStarred: false, onClose: undefined };
        return;
      case "close":
        this.#flush();
        this.#fallbackLeft = 0;
        this.#close();
        return;
      case "byte":
        this.#addBytes([token.value]);
        return;
      case "text":
        this.#addRaw(token.start, token.end);
        return;
      case "word":
        this.#readWord(token.word, token.value);
    }
  }

  #close(): void {
    const closed = this.#state;
    const outer = this.#groups.pop();
    if (!outer) return;
    this.#state = outer;
    closed.onClose?.();
  }

  #addRaw(start: number, end: number): void {
    const bytes = this.#bytes.subarray(start, end);
    if (this.#isUtf8 && bytes.some((byte) => byte >= 0x80)) {
      this.#flush();
      this.#state.isFirstWord = false;
      this.#addText(Buffer.from(bytes).toString("utf8").slice(this.#fallbackLeft));
      this.#fallbackLeft = 0;
    } else this.#addBytes(bytes);
  }

  #addBytes(bytes: Iterable<number>): void {
    this.#state.isFirstWord = false;
    if (this.#state.destination === "skip" || this.#state.destination === "picture") return;
    for (const byte of bytes)
      if (this.#fallbackLeft > 0) this.#fallbackLeft -= 1;
      else this.#pending.push(byte);
    // Long runs are decoded in pieces; a piece may end inside a character only where a code page has no such long run.
    if (this.#pending.length > 1_000_000) this.#flush();
  }

  /** Decodes the pending bytes with the font that they have. */
  #flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = this.#pending;
    this.#pending = [];
    const { run, font, destination } = this.#state;
    // The name of a symbol font is made of letters.
    if (destination === "fonts") this.#addText(Buffer.from(bytes).toString("latin1"));
    else this.#addText(this.#fonts.decode(bytes, this.#state[run] ?? font));
  }

  #addText(text: string): void {
    const state = this.#state;
    if (text === "") return;
    switch (state.destination) {
      case "skip":
      case "picture":
        return;
      case "fonts":
      case "styles":
        this.#names.add(text, state, this.#fonts);
        return;
      case "property-name":
        this.#property += text;
        return;
      case "property-value":
        if (this.#property === "wzDescription") this.#pictures.description += text;
        else if (this.#property === "gtextUNICODE") state.flow.addAfter([{ kind: "paragraph", text }]);
        return;
      case "label":
        state.flow.label += text;
        return;
      case "instruction":
        this.#instruction = (this.#instruction + text).slice(0, 3000);
        return;
    }
    const leftOut = state.isDeleted ? "deleted" : state.isHidden && !this.#isHiddenRead ? "hidden" : undefined;
    if (leftOut) {
      if (leftOut !== this.#lastLeftOut && /\S/.test(text)) {
        this.#lastLeftOut = leftOut;
        this.#builder.warn(leftOut === "hidden" ? "hidden-text-left-out" : "deleted-text-left-out");
      }
      return;
    }
    this.#lastLeftOut = undefined;
    if (state.destination === "equation") {
      this.#equations.add(text);
      return;
    }
    // A raised number after a number would be read as its next digits: 10² is not 102.
    const isPower = state.isRaised && /^[-+−]?\d/.test(text) && /\d/.test(state.flow.lastCharacter);
    state.flow.add(isPower ? `^${text}` : text);
  }

  #format() {
    const { isList, isInTable, tableDepth } = this.#state;
    const headingLevel = this.#names.headingLevel(this.#state);
    return { headingLevel, isList, tableDepth: tableDepth ?? (isInTable || this.#isRowOpen ? 1 : 0) };
  }

  #readWord(word: string, value: number | undefined): void {
    if (this.#fallbackLeft > 0 && Object.hasOwn(characters, word)) {
      this.#fallbackLeft -= 1;
      return;
    }
    this.#fallbackLeft = 0;
    if (word === "*") {
      this.#state.isStarred = true;
      return;
    }
    if (word === "bin") {
      this.#tokens.skip(value ?? 0);
      return;
    }
    this.#flush();
    if (this.#state.isFirstWord) {
      this.#state.isFirstWord = false;
      this.#begin(word);
    }
    if (this.#state.destination === "skip") return;
    if (word === "u") {
      this.#addUnicode(value ?? 0);
      return;
    }
    const character = Object.hasOwn(characters, word) ? characters[word] : undefined;
    if (character !== undefined) this.#addText(character);
    else if (!this.#readStructure(word, value)) applyProperty(this.#state, this.#fonts, word, value);
  }

  #addUnicode(value: number): void {
    this.#addText(this.#fonts.unicode(value & 0xffff, this.#state.font));
    this.#fallbackLeft = this.#state.fallback;
  }

  /** Sets the destination of a group from its first control word. */
  #begin(word: string): void {
    const state = this.#state;
    const outer = state.flow;
    // Unicode text in the place of a group that is skipped.
    if (word === "ud") state.destination = this.#groups.at(-2)?.destination ?? "text";
    if (state.destination === "skip") return;
    if (word === "upr") state.destination = "skip";
    if (word === "annotation") this.#builder.warn("comments-left-out");
    if (word === "object") {
      this.#builder.warn("embedded-object-unread");
      state.isPictureKnown = true;
    }
    if (word === "pict" || word === "shp") this.#pictures.begin(state);
    if (this.#equations.beginPart(word, state)) return;
    const destination = destinationOf(word, state.isStarred);
    if (destination === undefined) return;
    state.destination = destination;
    if (destination === "equation") this.#equations.begin(word, state, (text) => this.#addText(text));
    if (destination === "property-name") this.#property = "";
    if (destination === "picture") this.#pictures.add();
    if (destination === "instruction") {
      this.#instruction = "";
      state.onClose = () => this.#endInstruction();
    }
    if (destination === "label") {
      outer.label = "";
      state.onClose = () => {
        outer.label = shownLabel(outer.label);
        this.#state.isList = true;
      };
    }
    if (destination !== "note" && destination !== "header" && destination !== "footer" && destination !== "box") return;
    const flow = new Flow();
    const isRowOpen = this.#isRowOpen;
    this.#isRowOpen = false;
    Object.assign(state, { flow, isPictureKnown: false, ...plainParagraph });
    state.onClose = () => {
      const format = { headingLevel: undefined, isList: false, tableDepth: this.#isRowOpen ? 1 : 0 };
      this.#isRowOpen = isRowOpen;
      const blocks = flow.finish(format);
      if (destination === "box") outer.addAfter(blocks);
      else if (destination === "note") outer.addAfter([{ kind: "note", text: textOf(blocks) }]);
      else if (destination === "footer") this.#headersAndFooters.addAtEnd({ kind: "footer", text: textOf(blocks) });
      else if (this.#headersAndFooters.isNew(textOf(blocks)))
        this.#builder.add({ kind: "header", text: textOf(blocks) });
    };
  }

  #endInstruction(): void {
    // A field EQ has no result of its own; of other fields the file contains it.
    if (!/^\s*EQ\s/.test(this.#instruction)) return;
    const { text, readings } = equationField(this.#instruction);
    this.#addText(text);
    for (const reading of readings) this.#state.flow.addReading(reading);
  }

  /** Ends of paragraphs, cells and rows, and definitions of cells. */
  #readStructure(word: string, value: number | undefined): boolean {
    const { flow, destination, tableDepth } = this.#state;
    if (!isFlow(destination)) return false;
    const depth = Math.max(1, tableDepth ?? 1);
    switch (word) {
      case "par":
      case "sect":
      case "\n":
      case "\r":
        flow.endParagraph(this.#format());
        return true;
      case "page":
      case "column":
        flow.add("\n");
        return true;
      case "cell":
        flow.endCell(1);
        return true;
      case "nestcell":
        flow.endCell(Math.max(2, depth));
        return true;
      case "row":
      case "nestrow":
        flow.endRow(word === "row" ? 1 : Math.max(2, depth), this.#rows.at(word === "row" ? 1 : Math.max(2, depth)));
        this.#isRowOpen = false;
        return true;
      case "trowd":
        this.#isRowOpen = depth < 2;
    }
    return this.#rows.read(depth, word, value);
  }
}
