/** Response times of a phase in ms, at a rate of answers. */
export type LoadPoint = { perSecond: number; p50: number; p95: number; p99: number };

const [width, height, left, right, top, bottom] = [720, 380, 64, 600, 50, 320];
const lines = [
  { name: "p99", of: ({ p99 }: LoadPoint) => p99, color: "#c9732b" },
  { name: "p95", of: ({ p95 }: LoadPoint) => p95, color: "#2f6f4f" },
  { name: "p50", of: ({ p50 }: LoadPoint) => p50, color: "#4a6fa5" },
];
const [leastMs, mostMs, targetMs] = [5, 5_000, 200];
const ticks = [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

/** An SVG: response times over the rate of requests, on a logarithmic scale, with the target of 200 ms. */
export const plot = (open: readonly LoadPoint[], closed: LoadPoint, users: string): string => {
  const most = Math.ceil(Math.max(...open.map(({ perSecond }) => perSecond)) / 10) * 10;
  const x = (perSecond: number) => (left + (perSecond / most) * (right - left)).toFixed(1);
  const y = (ms: number) => {
    const share = Math.log(Math.min(mostMs, Math.max(leastMs, ms)) / leastMs) / Math.log(mostMs / leastMs);
    return (bottom - share * (bottom - top)).toFixed(1);
  };
  const grid = ticks.flatMap((ms) => [
    `<line x1="${left}" x2="${right}" y1="${y(ms)}" y2="${y(ms)}" stroke="${ms === targetMs ? "#b03030" : "#ddd"}"/>`,
    `<text x="${left - 8}" y="${Number(y(ms)) + 4}" text-anchor="end">${ms} ms</text>`,
  ]);
  const rates = Array.from({ length: most / 10 + 1 }, (_, n) => n * 10).filter((rate) => rate % 20 === 0 || most <= 60);
  const axis = rates.map((rate) => `<text x="${x(rate)}" y="${bottom + 18}" text-anchor="middle">${rate}</text>`);
  const curves = lines.map(
    ({ of, color }) =>
      `<polyline points="${open.map((point) => `${x(point.perSecond)},${y(of(point))}`).join(" ")}" fill="none" stroke="${color}" stroke-width="2"/>`,
  );
  const dots = lines.map(
    ({ of, color }) => `<circle cx="${x(closed.perSecond)}" cy="${y(of(closed))}" r="5" fill="${color}"/>`,
  );
  const legend = lines.map(
    ({ name, color }, n) =>
      `<line x1="${right + 20}" x2="${right + 40}" y1="${70 + n * 20}" y2="${70 + n * 20}" stroke="${color}" stroke-width="3"/><text x="${right + 46}" y="${74 + n * 20}">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">
<title>Response times over the rate of requests; the dots are ${users} users</title>
<rect width="${width}" height="${height}" fill="white"/>
<text x="${left}" y="24">Response times over the rate of requests. The dots are ${users} users; the red line is the target of p95.</text>
${[...grid, ...axis, ...curves, ...dots, ...legend].join("\n")}
<text x="${(left + right) / 2}" y="${height - 16}" text-anchor="middle">requests per second</text>
</svg>
`;
};
