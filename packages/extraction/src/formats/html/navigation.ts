/** Finds the menus, headers and footers around the main content of a page. */

import type { Page } from "./shown.ts";
import { type HtmlElement, plainText, walk } from "./tree.ts";

/** How each part around the main content is treated; parts that are not listed belong to the content. */
export type Surroundings = ReadonlyMap<HtmlElement, "left-out" | "header" | "footer">;

/** Main content of fewer letters is no evidence that the rest is something else. */
const contentSizeMin = 150;
/** A `main` or `article` says itself that it is the content. */
const mainSizeMin = 20;
/** A list of links: more than this share of the text is inside of links. */
const linkShareMin = 0.5;
const noticeSizeMax = 4000;
/** Elements that are read to find notices, against pages that consist of them. */
const noticesMax = 200;

/**
 * The menus, cookie notices, headers and footers of a page. A menu or a notice is left out, and so is any other part that
 * consists mostly of links, when the page has content outside of them; the rest of a header or a footer stays, marked as
 * such. Nothing inside of `main` or `article` is touched, and when the page has little else, everything is content.
 */
export const surroundingsOf = (root: HtmlElement, page: Page): Surroundings => {
  const parts = new Map<HtmlElement, Kind>();
  /** Elements that contain main content or the page's title. */
  const holding = new Set<HtmlElement>();
  const depth = { main: 0, part: 0 };
  const size = { main: 0, part: 0 };
  let noticesLeft = noticesMax;
  walk(root, {
    enter: (element) => {
      if (page.isHidden(element)) return false;
      const kind = depth.main > 0 ? undefined : kindOf(element, page, () => noticesLeft-- > 0);
      if (kind) {
        parts.set(element, kind);
        if (depth.part++ === 0) size.part += page.sizeOf(element);
      }
      if (isMain(element) && depth.main++ === 0 && depth.part === 0) size.main += page.sizeOf(element);
      if (isMain(element) || element.name === "h1")
        for (let at: HtmlElement | undefined = element; at && !holding.has(at); at = at.parent) holding.add(at);
      return true;
    },
    text: () => undefined,
    leave: (element) => {
      if (isMain(element)) depth.main -= 1;
      if (parts.has(element)) depth.part -= 1;
    },
  });
  const restSize = page.sizeOf(root) - size.part;
  const hasContent = size.main >= mainSizeMin || restSize >= Math.max(contentSizeMin, 2 * size.part);
  const surroundings = new Map<HtmlElement, "left-out" | "header" | "footer">();
  if (!hasContent) return surroundings;
  for (const [part, kind] of parts) {
    const isList = page.linkSizeOf(part) > linkShareMin * page.sizeOf(part);
    if (!holding.has(part) && (kind === "menu" || isList)) surroundings.set(part, "left-out");
    else if (kind === "header" || kind === "footer") surroundings.set(part, kind);
  }
  return surroundings;
};

const isMain = ({ name, attributes }: HtmlElement): boolean =>
  name === "main" || name === "article" || attributes["role"] === "main" || attributes["role"] === "article";

const roles: Readonly<Record<string, Kind>> = {
  navigation: "menu",
  menu: "menu",
  menubar: "menu",
  banner: "header",
  contentinfo: "footer",
  complementary: "aside",
};
type Kind = "menu" | "header" | "footer" | "aside";

const kindOf = (element: HtmlElement, page: Page, mayRead: () => boolean): Kind | undefined => {
  const { name, attributes } = element;
  if (name === "nav") return "menu";
  const role = roles[attributes["role"] ?? ""];
  if (role) return role;
  if ((name === "header" || name === "footer") && !isInSection(element)) return name;
  if (name === "aside") return "aside";
  return isNotice(element, page, mayRead) || isSkipLink(element) ? "menu" : undefined;
};

/** A header belongs to the section that it is in; only that of the body is the page's. */
const isInSection = ({ parent }: HtmlElement): boolean => {
  for (let above = parent, steps = 0; above && steps < 20; above = above.parent, steps++)
    if (above.name === "section") return true;
  return false;
};

const noticeName =
  /(cookie|consent|gdpr|ccpa)s?[-_]?(banner|bar|notice|popup|modal|dialog|overlay|law|policy|message|wrapper|container|manager|settings|alert|info|hint|layer|consent|wall|prompt|box)|onetrust|cookiebot|didomi|usercentrics|cookieyes|\bcky-|qc-cmp|truste[-_]|osano|\bcc-window/i;

/** A request to accept cookies: its name and its words say so. */
const isNotice = (element: HtmlElement, page: Page, mayRead: () => boolean): boolean => {
  const names = `${element.attributes["id"] ?? ""} ${element.attributes["class"] ?? ""}`;
  const isNamed =
    noticeName.test(names) ||
    (/^(alert)?dialog$/.test(element.attributes["role"] ?? "") && page.sizeOf(element) > 0) ||
    /^(cookies?|consent|gdpr)$/i.test(names.trim());
  if (!isNamed || page.sizeOf(element) > noticeSizeMax || !mayRead()) return false;
  return /cookie|consent|tracking|privacy|datenschutz|einwillig|gdpr|rgpd|dsgvo|confidentialit|privacidad/i.test(
    plainText(element, 2000),
  );
};

const isSkipLink = ({ name, attributes, children }: HtmlElement): boolean =>
  name === "a" && attributes["href"]?.startsWith("#") === true && /^\s*skip to\b/i.test(String(children[0] ?? ""));
