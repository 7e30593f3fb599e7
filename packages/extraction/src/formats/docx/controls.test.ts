import { expect, test } from "vitest";
import { blocksOf, cell, field, paragraph, row, run, table, warningsOf, words } from "./testing.ts";

test("a field's result is text and its instruction is not, across paragraphs and inside each other", async () => {
  const begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>';
  const separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>';
  const body =
    paragraph(`${run("Due on ")}${field(' DATE \\@ "d MMMM" ', run("14 March"))}${run(".")}`) +
    paragraph(`<w:fldSimple w:instr=" REF x ">${run("Clause 7")}</w:fldSimple>`) +
    paragraph(`${begin}${separate}${run("One")}`) +
    paragraph(`${run("Two")}<w:r><w:fldChar w:fldCharType="end"/></w:r>`) +
    paragraph(field(` IF ${"x"} = 1 "yes" "no" `, field(" MERGEFIELD Name ", run("Ada")))) +
    paragraph(
      `<w:r><w:fldChar w:fldCharType="begin"/></w:r>${field("MERGEFIELD n", run("inner"))}${separate}${run("outer")}<w:r><w:fldChar w:fldCharType="end"/></w:r>`,
    );
  expect(await blocksOf({ body })).toEqual([
    "paragraph: Due on 14 March.",
    "paragraph: Clause 7",
    "paragraph: One",
    "paragraph: Two",
    "paragraph: Ada",
    "paragraph: outer",
  ]);
});

test("a field without an end does not hide the rest of the document", async () => {
  const body =
    paragraph(`${run("a")}<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r>`) + words("b");
  expect(await blocksOf({ body })).toEqual(["paragraph: a", "paragraph: b"]);
});

test("check boxes, drop-downs, symbols and equations of fields are what Word displays", async () => {
  const box = (state: string) => `<w:ffData><w:checkBox>${state}</w:checkBox></w:ffData>`;
  const list =
    '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="Rent"/><w:listEntry w:val="Sale"/></w:ddList></w:ffData>';
  const body =
    paragraph(field(" FORMCHECKBOX ", undefined, box('<w:default w:val="1"/>')) + run(" yes")) +
    paragraph(field(" FORMCHECKBOX ", "", box('<w:default w:val="1"/><w:checked w:val="0"/>')) + run(" no")) +
    paragraph(field(" FORMDROPDOWN ", undefined, list)) +
    paragraph(field(' SYMBOL 97 \\f "Symbol" ', undefined) + field(" EQ \\f(a+1,\\r(3,x)) ", undefined)) +
    paragraph(
      field(' EQ \\* jc0 \\* "Font:Ming" \\* hps10 \\o\\ad(\\s\\up 9(とうきょう),東京)', undefined) + run("です"),
    ) +
    paragraph(field(" MACROBUTTON NoMacro [Name of the hirer] ", undefined)) +
    paragraph(field(' XE "hidden entry" ', undefined) + run("indexed"));
  expect(await blocksOf({ body })).toEqual([
    "paragraph: ☒ yes",
    "paragraph: ☐ no",
    "paragraph: Sale",
    "paragraph: α(a+1)/(∛(x))",
    "paragraph: 東京です",
    "paragraph: [Name of the hirer]",
    "paragraph: indexed",
  ]);
});

test("content controls are text around blocks, runs, rows and cells, unless they show their prompt", async () => {
  const control = (content: string, properties = "") =>
    `<w:sdt><w:sdtPr>${properties}</w:sdtPr><w:sdtContent>${content}</w:sdtContent></w:sdt>`;
  const prompt = "<w:showingPlcHdr/>";
  const body =
    control(words("Cover")) +
    paragraph(`${run("To ")}${control(run("Ada"))}${control(run("Click here"), prompt)}`) +
    table(
      row(cell(words("Date")) + cell(words("Name"))) +
        control(row(cell(words("5 May")) + control(cell(control(words("Bo")))))) +
        row(control(cell(words("Pick a date")), prompt) + cell(words("Cy"))),
    );
  expect(await blocksOf({ body })).toEqual([
    "paragraph: Cover",
    "paragraph: To Ada",
    "table: Date | Name\n5 May | Bo\nCy",
  ]);
  expect(await warningsOf({ body })).toEqual({ "prompts-left-out": 2 });
});

test("a content control that is bound to data shows the data", async () => {
  const control = (kind: string, xpath: string, text: string, prompt = false) =>
    `<w:sdt><w:sdtPr>${prompt ? "<w:showingPlcHdr/>" : ""}<w:dataBinding w:xpath="${xpath}" w:storeItemID="{A1}"/>${kind}</w:sdtPr><w:sdtContent>${text}</w:sdtContent></w:sdt>`;
  const links = {
    "customXml/item1.xml": {
      type: "customXml",
      content: '<order when="2031-03-14T00:00:00"><name>Ada</name><name>Bo</name><kind>r</kind></order>',
    },
    "customXml/props1.xml": {
      type: "customXmlProps",
      content: '<item itemID="{a1}"/>',
      from: "word/customXml/item1.xml",
    },
  };
  const list = '<w:dropDownList><w:listItem w:displayText="Rent" w:value="r"/></w:dropDownList>';
  const body =
    paragraph(run("For ") + control("<w:text/>", "/x:order[1]/x:name[2]", run("old") + run(" name"))) +
    paragraph(control("<w:date/>", "/order/@when", run("Pick a date"), true)) +
    table(row(cell(words("Kind")) + control(list, "/order[1]/kind[1]", cell(words("Choose")), true))) +
    paragraph(control("<w:text/>", "/order[1]/none[1]", run("kept"))) +
    control("<w:text/>", "/order[1]/name[1]", "<w:p/>");
  expect(await blocksOf({ body, links })).toEqual([
    "paragraph: For Bo",
    "paragraph: 2031-03-14",
    "table: Kind | Rent",
    "paragraph: kept",
    "paragraph: Ada",
  ]);
});
