/** A state with many commits that nobody packed, made in seconds: in the end its files are what they were. */
import { makePass, worldOf } from './pass.ts';
import { outputOf } from './run-program.ts';
import { Sandbox } from './sandbox.ts';

export interface LongHistory {
  readonly commits: number;
  /** Of the file that each of them changes a line of, as long as a claim's. */
  readonly lines: number;
}

/** Adds them to the branch `main` of the repository in this folder. */
export async function lengthenHistory(folder: string, { commits, lines }: LongHistory): Promise<void> {
  const content = Array.from({ length: lines }, (_, line) => lineOf(line, 0));
  const stream: string[] = [];
  for (let number = 0; number < commits; number += 1) {
    content[(number * 7) % lines] = lineOf((number * 7) % lines, number);
    const text = content.join('');
    stream.push(commitHead(number), `M 100644 inline history.yaml\ndata ${text.length}\n${text}\n`);
  }
  stream.push(commitHead(commits), 'D history.yaml\n\n');
  await outputOf(['git', '-C', folder, '-c', 'fastimport.unpackLimit=10000000', 'fast-import', '--quiet'], {
    input: stream.join(''),
    timeLimitMs: 300_000,
  });
}

/** Enough loose objects for a slice, and for git to have some work. */
export async function sandboxWithHistory(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  await lengthenHistory(sandbox.state, { commits: 2_000, lines: 20 });
  return sandbox;
}

function commitHead(number: number): string {
  const from = number === 0 ? 'from refs/heads/main^0\n' : '';
  return `commit refs/heads/main\ncommitter A <a@example.net> ${1_700_000_000 + number} +0000\ndata 1\nx\n${from}`;
}

function lineOf(line: number, number: number): string {
  return `- { "ip": "203.0.${line >> 8}.${line & 255}", "server": "web1", "jail": "sshd", "since": "2026-11-22T16:00:53.000Z", "until": ${number} }\n`;
}
