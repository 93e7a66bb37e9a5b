/** A bar for each number, newest on the right: some lines high, and as wide as there is room. */
import type { Charset } from './cells.ts';

const EIGHTHS: Readonly<Record<Charset, string>> = { utf8: ' ▁▂▃▄▅▆▇█', ascii: ' _.:-=+*#' };

interface ChartSize {
  readonly width: number;
  readonly height: number;
  readonly charset: Charset;
}

/** From top to bottom. The highest bar takes the whole height; nothing is a thin line, and the least is more. */
export function chartLines(
  counts: readonly number[],
  { width, height, charset }: ChartSize,
): readonly string[] {
  const shown = width <= 0 ? [] : counts.slice(-width);
  const highest = Math.max(1, ...shown);
  const eighths = shown.map((count) =>
    count === 0 ? 1 : Math.max(2, Math.round((count / highest) * height * 8)),
  );
  return Array.from({ length: height }, (_, row) => {
    const below = (height - 1 - row) * 8;
    const bars = eighths.map((bar) => EIGHTHS[charset][Math.max(0, Math.min(8, bar - below))] ?? ' ');
    return bars.join('').padStart(Math.max(0, width));
  });
}
