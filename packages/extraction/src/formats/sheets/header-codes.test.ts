import { expect, test } from "vitest";
import { pageText } from "./header-codes.ts";

test("words of the three parts of a page header are read, whatever letter they begin with", () => {
  expect(pageText("&LKopf links&RSeite &P")).toBe("Kopf links");
  expect(pageText("&LFirma X&CMitte&Rrechts")).toBe("Firma X | Mitte | rechts");
  expect(pageText('&C&"Arial,Bold"&14Research && Development')).toBe("Research & Development");
});
