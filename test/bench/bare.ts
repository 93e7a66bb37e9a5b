/** The bare kernel tools doing what banspool does, as a person would call them: what the figures are held against. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Milliseconds that each of the calls took. */
export async function timeEach(count: number, call: (index: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) samples.push(await timeOf(() => call(index)));
  return samples;
}

/** Milliseconds. */
export async function timeOf(call: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await call();
  return performance.now() - startedAt;
}

/** Runs a tool that must succeed, by the shell; one at a time. */
export async function tool(file: string, args: readonly string[], input = ''): Promise<string> {
  shell ??= new Shell();
  const { code, stdout, stderr } = await shell.run([file, ...args], input);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr}`);
  return stdout();
}

interface Ran {
  readonly code: number;
  /** Not read where nobody asks: the time that takes is no tool's. */
  readonly stdout: () => string;
  readonly stderr: string;
}

let shell: Shell | undefined;

/**
 * A shell that stands by, as a person's does: of a program that Node starts, most of the time would be Node's. Input and
 * output are files in memory.
 */
class Shell {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bare-'));
  readonly #child: ChildProcess;
  #told: (text: string) => void = () => undefined;

  constructor() {
    this.#child = spawn('sh', { cwd: this.#folder, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#told(text);
    });
    process.on('exit', () => {
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }

  async run(words: readonly string[], input: string): Promise<Ran> {
    writeFileSync(join(this.#folder, 'in'), input);
    const command = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
    const code = await new Promise<string>((resolve) => {
      this.#told = resolve;
      this.#child.stdin?.write(`${command} <in >out 2>err; echo $?\n`);
    });
    const read = (name: string): string => readFileSync(join(this.#folder, name), 'utf8');
    return { code: Number(code), stdout: () => read('out'), stderr: read('err') };
  }
}
