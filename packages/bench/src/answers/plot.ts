/** By threshold: the share of questions answered, of these the right ones, and false answers to questions without one. */
export type Curve = {
  name: string;
  points: { threshold: number; coverage: number; right: number; falseShare: number }[];
};

const [width, height] = [760, 420];
const box = { left: 60, top: 30, right: 740, bottom: 360 };
/** Right and false answers are on one axis, in percent. */
const yMax = 100;
const colors = ["#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#148f9e", "#a0522d", "#222222"];

const x = (coverage: number) => box.left + coverage * (box.right - box.left);
const y = (percent: number) => box.bottom - (percent / yMax) * (box.bottom - box.top);
const round = (value: number) => value.toFixed(1);

/** An SVG: over the share of questions answered, the right answers (lines) and the false ones (dashed lines). */
export const plot = (curves: readonly Curve[], threshold: number): string => {
  const ticks = [0, 20, 40, 60, 80, 100];
  const grid = ticks.flatMap((tick) => [
    `<line x1="${box.left}" x2="${box.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#ddd"/>`,
    `<text x="${box.left - 8}" y="${y(tick) + 4}" text-anchor="end">${tick} %</text>`,
    `<text x="${x(tick / 100)}" y="${box.bottom + 18}" text-anchor="middle">${tick} %</text>`,
  ]);
  const lines = curves.flatMap(({ name, points }, n) => {
    const color = colors[n % colors.length];
    const path = (value: (point: Curve["points"][number]) => number) =>
      points.map((point) => `${round(x(point.coverage))},${round(y(100 * value(point)))}`).join(" ");
    const used = points.reduce((best, point) =>
      Math.abs(point.threshold - threshold) < Math.abs(best.threshold - threshold) ? point : best,
    );
    const dot = (value: number) =>
      `<circle cx="${round(x(used.coverage))}" cy="${round(y(100 * value))}" r="4" fill="${color}"/>`;
    const legend = box.top + 150 + n * 18;
    return [
      `<polyline points="${path(({ right }) => right)}" fill="none" stroke="${color}" stroke-width="2"/>`,
      `<polyline points="${path(({ falseShare }) => falseShare)}" fill="none" stroke="${color}" stroke-width="2" stroke-dasharray="5 4"/>`,
      dot(used.right),
      dot(used.falseShare),
      `<line x1="${box.left + 20}" x2="${box.left + 46}" y1="${legend - 4}" y2="${legend - 4}" stroke="${color}" stroke-width="2"/>`,
      `<text x="${box.left + 54}" y="${legend}">${name}</text>`,
    ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">
<title>Answered questions, right answers and false answers by supportMin</title>
<rect width="${width}" height="${height}" fill="white"/>
${[...grid, ...lines].join("\n")}
<text x="${box.left}" y="18">Right answers (lines) and false answers to questions without one (dashed); the dots are supportMin ${threshold}</text>
<text x="${(box.left + box.right) / 2}" y="${box.bottom + 42}" text-anchor="middle">questions answered</text>
</svg>
`;
};
