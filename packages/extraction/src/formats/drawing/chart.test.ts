import { expect, test } from "vitest";
import { numberText } from "../numbers/cell-number.ts";
import { parseXml } from "../xml/tree.ts";
import { chartBlocks, chartWords } from "./chart.ts";

const c = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"';
const a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"';
const words = (text: string) => `<c:rich><a:p><a:r><a:t>${text}</a:t></a:r></a:p></c:rich>`;
const numbers = (name: string, values: string[], code: string) =>
  `<c:${name}><c:numRef><c:numCache><c:formatCode>${code}</c:formatCode>${values.map((value, at) => `<c:pt idx="${at}"><c:v>${value}</c:v></c:pt>`).join("")}</c:numCache></c:numRef></c:${name}>`;

test("days of a chart are in ISO form, in the date system of the chart, and labels of points are read", () => {
  const series = `<c:ser><c:tx><c:v>Let</c:v></c:tx><c:dLbls><c:dLbl><c:idx val="0"/><c:tx>${words("a storm")}</c:tx></c:dLbl></c:dLbls>${numbers("cat", ["1"], "d/m/yyyy")}${numbers("val", ["0.5"], "0%")}</c:ser>`;
  const chart = (system: string) =>
    parseXml(
      `<c:chartSpace ${c} ${a}><c:date1904 val="${system}"/><c:chart><c:plotArea><c:barChart>${series}</c:barChart></c:plotArea></c:chart></c:chartSpace>`,
    );
  const table = (day: string) => ({
    kind: "table",
    rows: [
      [{ text: "" }, { text: "Let" }],
      [{ text: day }, { text: "50%" }],
    ],
    headerRows: 1,
  });
  const label = { kind: "caption", text: "a storm" };
  expect(chartBlocks(chart("0"), numberText)).toEqual([table("1900-01-01"), label]);
  expect(chartBlocks(chart("1"), numberText)).toEqual([table("1904-01-02"), label]);
});

test("a chart of the newer kinds has its title, its axes, its names and its values", () => {
  const title = (text: string) =>
    `<cx:title><cx:tx><cx:rich><a:p><a:r><a:t>${text}</a:t></a:r></a:p></cx:rich></cx:tx></cx:title>`;
  const level = (values: string[]) =>
    `<cx:lvl>${values.map((value, at) => `<cx:pt idx="${at}">${value}</cx:pt>`).join("")}</cx:lvl>`;
  const chart = parseXml(
    `<cx:chartSpace xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex" ${a}><cx:chartData><cx:data id="0"><cx:strDim>${level(["May", "June"])}</cx:strDim><cx:numDim>${level(["4", "5"])}</cx:numDim></cx:data></cx:chartData><cx:chart>${title("Berths")}<cx:plotArea><cx:plotAreaRegion><cx:series><cx:tx><cx:txData><cx:v>Let</cx:v></cx:txData></cx:tx></cx:series></cx:plotAreaRegion><cx:axis>${title("Month")}</cx:axis></cx:plotArea></cx:chart></cx:chartSpace>`,
  );
  const rows = [
    ["", "Let"],
    ["May", "4"],
    ["June", "5"],
  ].map((row) => row.map((text) => ({ text })));
  expect(chartBlocks(chart, numberText)).toEqual([
    { kind: "table", rows, headerRows: 1, caption: "Berths" },
    { kind: "caption", text: "Month" },
  ]);
  expect(chartWords(chart)).toBe("Berths\nMonth\nLet");
});
