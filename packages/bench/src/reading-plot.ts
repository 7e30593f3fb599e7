/** How a reader has read a file. */
type Result = { isRight: boolean; mb: number; read: { cpuMs: number } };

const [width, left, rowHeight, barHeight] = [720, 120, 46, 15];
const colors = { right: "#2f6f4f", wrong: "#c9732b", not: "#d9dcdf" };

/** Bars for docs/reading.md: of all files those that a reader reads rightly, wrongly, and not at all. */
export const plot = (results: ReadonlyMap<string, readonly Result[]>, tasks: readonly unknown[]): string => {
  const scale = (width - left - 20) / tasks.length;
  const rows = [...results].map(([name, own], at) => {
    const right = own.filter(({ isRight }) => isRight).length;
    const top = 44 + at * rowHeight;
    let x = left;
    const bar = (count: number, color: string) => {
      const from = x;
      x += count * scale;
      return `<rect x="${from.toFixed(1)}" y="${top}" width="${(count * scale).toFixed(1)}" height="${barHeight}" fill="${color}"/>`;
    };
    const times = own.map(({ read }) => read.cpuMs).sort((a, b) => a - b);
    const sizes = own.map(({ mb }) => mb).sort((a, b) => a - b);
    const middle = (values: number[]) => (values[values.length >> 1] ?? 0).toFixed(0);
    return [
      `<text x="${left - 10}" y="${top + 12}" text-anchor="end" font-weight="600">${name}</text>`,
      bar(right, colors.right) + bar(own.length - right, colors.wrong) + bar(tasks.length - own.length, colors.not),
      `<text x="${left}" y="${top + barHeight + 14}" font-size="11" fill="#555">${right} right, ${own.length - right} wrong, ${tasks.length - own.length} of formats that it does not take · ${middle(times)} ms of CPU, ${middle(sizes)} MB per file (median)</text>`,
    ].join("\n");
  });
  const height = 44 + results.size * rowHeight + 6;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
<title>Share of ${tasks.length} files that each reader reads rightly</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${left}" y="22" font-size="14">Of ${tasks.length} files: <tspan fill="${colors.right}">read rightly</tspan>, <tspan fill="${colors.wrong}">read wrongly</tspan>, <tspan fill="#8a8f94">format not taken</tspan></text>
${rows.join("\n")}
</svg>
`;
};
