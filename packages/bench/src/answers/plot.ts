/** By threshold: the share of questions answered, of these the right ones, and false answers to questions without one. */
export type Curve = {
  name: string;
  points: { threshold: number; coverage: number; right: number; falseShare: number }[];
};
type Point = Curve["points"][number];

const [width, height] = [790, 560];
const [left, right] = [60, 640];
const colors = ["#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#148f9e", "#a0522d", "#222222"];

/** Each with its own axis, in percent, because right answers are near 100 and false ones near 0. */
const panels = [
  {
    title: "Right answers, of those given",
    of: ({ right }: Point) => right,
    top: 40,
    bottom: 240,
    ticks: [85, 90, 95, 100],
  },
  {
    title: "False answers, when the paragraph with the answer is missing",
    of: ({ falseShare }: Point) => falseShare,
    top: 300,
    bottom: 500,
    ticks: [0, 5, 10, 15, 20],
  },
];
type Panel = (typeof panels)[number];

const marked = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
const x = (coverage: number) => left + coverage * (right - left);
const y = ({ top, bottom, ticks }: Panel, percent: number) => {
  const [least, most] = [ticks[0]!, ticks.at(-1)!];
  return bottom - ((Math.min(most, Math.max(least, percent)) - least) / (most - least)) * (bottom - top);
};
const round = (value: number) => value.toFixed(1);

/** An SVG: right answers, and below them false ones, over the share of questions answered. The last curve has its thresholds. */
export const plot = (curves: readonly Curve[], threshold: number): string => {
  const shown = panels.flatMap((panel) => {
    const { title, of, top, bottom, ticks } = panel;
    const at = (point: Point) => `${round(x(point.coverage))},${round(y(panel, 100 * of(point)))}`;
    return [
      `<text x="${left}" y="${top - 12}">${title}</text>`,
      ...ticks.flatMap((tick) => [
        `<line x1="${left}" x2="${right}" y1="${y(panel, tick)}" y2="${y(panel, tick)}" stroke="#ddd"/>`,
        `<text x="${left - 8}" y="${y(panel, tick) + 4}" text-anchor="end">${tick} %</text>`,
      ]),
      ...[0, 20, 40, 60, 80, 100].map(
        (tick) => `<text x="${x(tick / 100)}" y="${bottom + 18}" text-anchor="middle">${tick} %</text>`,
      ),
      ...curves.map(
        ({ points }, n) =>
          `<polyline points="${points.map(at).join(" ")}" fill="none" stroke="${colors[n % colors.length]}" stroke-width="${n === curves.length - 1 ? 3 : 1.5}"/>`,
      ),
      ...(curves.at(-1)?.points ?? [])
        .filter((point) => marked.some((one) => Math.abs(one - point.threshold) < 0.001))
        .flatMap((point) => {
          const isUsed = Math.abs(point.threshold - threshold) < 0.001;
          const [cx, cy] = at(point).split(",");
          return [
            `<circle cx="${cx}" cy="${cy}" r="${isUsed ? 5 : 3}" fill="#222"/>`,
            `<text x="${cx}" y="${Number(cy) - 9}" text-anchor="middle" font-weight="${isUsed ? "bold" : "normal"}">${point.threshold.toFixed(1)}</text>`,
          ];
        }),
    ];
  });
  const legend = curves.flatMap(({ name }, n) => [
    `<line x1="${right + 20}" x2="${right + 40}" y1="${56 + n * 18}" y2="${56 + n * 18}" stroke="${colors[n % colors.length]}" stroke-width="3"/>`,
    `<text x="${right + 46}" y="${60 + n * 18}">${name}</text>`,
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">
<title>Right and false answers over the share of questions answered; the dots are values of supportMin, the large one is ${threshold}</title>
<rect width="${width}" height="${height}" fill="white"/>
${[...shown, ...legend].join("\n")}
<text x="${(left + right) / 2}" y="${height - 14}" text-anchor="middle">questions answered; the dots are values of supportMin, the large one is ${threshold}</text>
</svg>
`;
};
