/** The bare kernel tools doing what banspool does, as a person would call them: what the figures are held against. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuOf } from './fleet/cpu.ts';

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

export interface Cost {
  readonly milliseconds: number;
  /** Of the processor, which another program that runs meanwhile does not change much. */
  readonly cpu: number;
}

/** What calls of {@link tool} cost. */
export async function costOf(call: () => Promise<unknown>): Promise<Cost> {
  await tool('true', []);
  const before = cpuOf(herePid);
  const milliseconds = await timeOf(call);
  return { milliseconds, cpu: cpuOf(herePid) - before };
}

/** Runs a tool that must succeed, by the shell; one at a time. */
export type Tool = (file: string, args: readonly string[], input?: string) => Promise<string>;

/** Runs it here. */
export const tool: Tool = async (...words) => {
  if (here === undefined) {
    const shell = new Shell(['sh']);
    [here, herePid] = [toolOf(shell), shell.pid];
  }
  return here(...words);
};

let here: Tool | undefined;
let herePid = 0;

const HOST = 'bare';

/**
 * Copies the firewall as it is into a network namespace of its own, where tools are timed beside a controller that
 * hears nothing of it.
 */
export async function copyFirewall(): Promise<Tool> {
  await tool('sh', ['-c', `ip netns delete ${HOST} 2>/dev/null; ip netns add ${HOST}`]);
  const there = toolOf(new Shell(['ip', 'netns', 'exec', HOST, 'sh']));
  await there('ipset', ['restore'], await tool('ipset', ['save']));
  await there('iptables-nft-restore', [], await tool('iptables-nft-save', []));
  return there;
}

function toolOf(shell: Shell): Tool {
  return async (file, args, input = '') => {
    const { code, stdout, stderr } = await shell.run([file, ...args], input);
    if (code !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr}`);
    return stdout();
  };
}

interface Ran {
  readonly code: number;
  /** Not read where nobody asks: the time that takes is no tool's. */
  readonly stdout: () => string;
  readonly stderr: string;
}

/**
 * A shell that stands by, as a person's does: of a program that Node starts, most of the time would be Node's. Input
 * and output are files in memory.
 */
class Shell {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bare-'));
  readonly #child: ChildProcess;
  #told: (text: string) => void = () => undefined;

  constructor([file = '', ...args]: readonly string[]) {
    this.#child = spawn(file, args, { cwd: this.#folder, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#told(text);
    });
    process.on('exit', () => {
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
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
