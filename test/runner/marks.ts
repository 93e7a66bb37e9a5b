/** Takes apart what several test files said in one process, by the marks that stand where each of them ended. */

/** What a file said, and how it ended. */
export interface Part {
  readonly output: string;
  readonly exitCode: number;
  readonly milliseconds: number;
}

export interface Parts {
  readonly whole: readonly Part[];
  /** What was said after the last mark: by the file in which the process ended, or by none. */
  readonly rest: string;
}

// A character that no program of these tests prints.
const MARK = /\u0001(\d+) (\d+)\n/;

/** Stands in both outputs where a file ends. */
export function markEnd(exitCode: number, milliseconds: number): string {
  return `\u0001${exitCode} ${milliseconds}\n`;
}

/** In the order of the files. A file counts as ended when its mark is in both outputs. */
export function takeApart(stdout: string, stderr: string): Parts {
  // With its groups the pattern's numbers stand between the texts.
  const [out, err] = [stdout.split(MARK), stderr.split(MARK)];
  const count = (Math.min(out.length, err.length) - 1) / 3;
  const textOf = (index: number): string => `${out[3 * index] ?? ''}${err[3 * index] ?? ''}`;
  const whole = Array.from({ length: count }, (_, index) => ({
    output: textOf(index),
    exitCode: Number(out[3 * index + 1]),
    milliseconds: Number(out[3 * index + 2]),
  }));
  return { whole, rest: textOf(count) };
}
