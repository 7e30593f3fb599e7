/** The parts of a Word file and what they share. */

import type { Reading } from "../../extraction.ts";
import type { WarningCode } from "../../warnings.ts";
import type { ShowNumber } from "../drawing/chart.ts";
import type { DocumentBlock } from "../model.ts";
import type { Package, Relationship } from "../package/package.ts";
import { childOf, type XmlElement } from "../xml/tree.ts";
import { Bindings } from "./bindings.ts";
import { Numbering } from "./numbering.ts";
import { stateOf } from "./properties.ts";
import { type Style, Styles } from "./styles.ts";

/** What a story consists of: blocks, and files inside the file, which are read afterwards. */
export type Item = DocumentBlock | { kind: "inner"; part: string };

export type Warn = (code: WarningCode, place?: string, count?: number) => void;

/** The parts of a Word file that all of its stories share. */
export class WordDocument {
  readonly package: Package;
  readonly mainPart: string;
  readonly body: XmlElement | undefined;
  readonly styles: Styles;
  readonly numbering: Numbering;
  readonly bindings = new Bindings(this);
  readonly hasEvenHeaders: boolean;
  readonly showsHidden: boolean;
  readonly showNumber: ShowNumber;
  /** The heading that the place being read stands under; the place of warnings. */
  heading = "";
  readonly #warn: Warn;
  readonly #relationships = new Map<string, Map<string, Relationship>>();

  constructor(source: Package, reading: Reading, warn: Warn, showNumber: ShowNumber) {
    this.package = source;
    this.#warn = warn;
    this.showsHidden = reading.hiddenText === "index";
    this.showNumber = showNumber;
    const mainPart = source.mainPart ?? source.names.find((name) => /^word\/document\d*\.xml$/.test(name));
    const main = mainPart === undefined ? undefined : source.xml(mainPart);
    if (mainPart === undefined || main === undefined) throw new Error("no main part");
    this.mainPart = mainPart;
    this.body = childOf(main, "w:body");
    this.styles = new Styles(this.partOf("styles"));
    this.numbering = new Numbering(this.partOf("numbering"), this.styles);
    this.hasEvenHeaders = stateOf(this.partOf("settings"), "w:evenAndOddHeaders") ?? false;
  }

  /** The tree of the part that the main part refers to by a type of relationship. */
  partOf(type: string): XmlElement | undefined {
    const name = this.partNameOf(type);
    return name === undefined ? undefined : this.package.xml(name);
  }

  partNameOf(type: string): string | undefined {
    for (const one of this.#relationshipsOf(this.mainPart).values())
      if (one.type === type && !one.isExternal) return one.target;
    return undefined;
  }

  relationship(part: string, id: string | undefined): Relationship | undefined {
    return id === undefined ? undefined : this.#relationshipsOf(part).get(id);
  }

  /** The tree of a part that another part refers to, or undefined when it is missing or damaged. */
  linked(part: string, id: string | undefined): { name: string; tree: XmlElement } | undefined {
    const relationship = this.relationship(part, id);
    if (!relationship || relationship.isExternal) return undefined;
    const tree = this.package.optionalXml(relationship.target);
    return tree && { name: relationship.target, tree };
  }

  /** The trees that a part refers to by a type of relationship, without those that are missing or damaged. */
  linkedOf(part: string, type: string): { name: string; tree: XmlElement }[] {
    const all = [...this.#relationshipsOf(part).values()].filter((one) => one.type === type);
    return all.flatMap(({ id }) => this.linked(part, id) ?? []);
  }

  isHidden(style: Style, run: XmlElement | undefined): boolean {
    return !this.showsHidden && this.styles.isHidden(style, run);
  }

  warn(code: WarningCode, count = 1, place = this.heading): void {
    if (count > 0) this.#warn(code, place, count);
  }

  #relationshipsOf(part: string): Map<string, Relationship> {
    let known = this.#relationships.get(part);
    if (!known) {
      known = new Map(this.package.relationships(part).map((one) => [one.id, one]));
      this.#relationships.set(part, known);
    }
    return known;
  }
}
