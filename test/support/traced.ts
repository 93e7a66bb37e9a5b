/** Runs a program of root's under strace, and tells what of its doings another account could have had a hand in. */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runProgram, type Ran } from './run-program.ts';

export interface Traced extends Ran {
  /**
   * Files that root opened for writing, changed the owner or mode of, or executed, where others than root can change
   * them.
   */
  readonly suspect: readonly string[];
  /** How many calls were looked at: none would mean that nothing was traced. */
  readonly looked: number;
}

const OPENS = ['open', 'openat', 'openat2', 'creat'];
const RUNS = ['execve', 'execveat'];
const CHANGES = [
  'chmod',
  'fchmod',
  'fchmodat',
  'fchmodat2',
  'chown',
  'fchown',
  'lchown',
  'fchownat',
  'truncate',
];
const IDENTITIES = ['setuid', 'setreuid', 'setresuid'];
const STARTS = ['clone', 'clone3', 'fork', 'vfork'];

/** Resolves however it exits. */
export async function runTraced(argv: readonly string[]): Promise<Traced> {
  const folder = mkdtempSync('/run/banspool-trace-');
  try {
    const calls = [...OPENS, ...RUNS, ...CHANGES, ...IDENTITIES, ...STARTS].map((name) => `?${name}`);
    // Without a filter in the kernel it would stop at each of a program's calls, of which one in fifty is looked at.
    const options = [
      '-ff',
      '--seccomp-bpf',
      '-y',
      '-s',
      '4096',
      '-e',
      `trace=${calls.join(',')}`,
      '-o',
      join(folder, 't'),
    ];
    const ran = await runProgram(['strace', ...options, ...argv], { timeLimitMs: 60_000 });
    const traces = new Map(
      readdirSync(folder).map((name) => [
        name.slice(2),
        readFileSync(join(folder, name), 'utf8').split('\n'),
      ]),
    );
    return { ...ran, ...judgeTraces(traces) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Each process begins as who started it, and the first as root. */
function judgeTraces(traces: ReadonlyMap<string, readonly string[]>): Pick<Traced, 'suspect' | 'looked'> {
  const suspect = new Set<string>();
  let looked = 0;
  const started = new Set<string>();
  const follow = (pid: string, beginner: number): void => {
    started.add(pid);
    let user = beginner;
    for (const line of traces.get(pid) ?? []) {
      const [, call = '', rest = ''] = /^(\w+)\((.*)$/.exec(line) ?? [];
      const result = /\) += (-?\d+)/.exec(rest)?.[1] ?? '';
      if (IDENTITIES.includes(call) && result === '0') user = effectiveAfter(call, rest, user);
      if (STARTS.includes(call) && Number(result) > 0) follow(result, user);
      if (user !== 0 || result.startsWith('-')) continue;
      const path = suspectPath(call, rest);
      if (path === undefined) continue;
      looked += 1;
      // By a descriptor it is what was opened, whose it is by now: that counts which folder it stood in.
      const mayBeNew = rest.includes('O_EXCL') || /^fch(?:mod|own)$/.test(call);
      if (!isRoots(path, { mayBeNew })) suspect.add(`${call} ${path}`);
    }
  };
  const children = new Set(
    [...traces.values()].flatMap((lines) =>
      lines.flatMap((line) => /^(?:clone3?|v?fork)\(.*\) += (\d+)/.exec(line)?.[1] ?? []),
    ),
  );
  for (const pid of traces.keys()) if (!children.has(pid)) follow(pid, 0);
  if (started.size !== traces.size) throw new Error('a process without a beginning was traced');
  return { suspect: [...suspect], looked };
}

function effectiveAfter(call: string, rest: string, before: number): number {
  const numbers = rest.split(')')[0]?.split(',').map(Number) ?? [];
  const effective = numbers[call === 'setuid' ? 0 : 1] ?? before;
  return effective === -1 || effective === 2 ** 32 - 1 ? before : effective;
}

/** The path that a call writes to, or runs; undefined for one that reads. */
function suspectPath(call: string, rest: string): string | undefined {
  if (OPENS.includes(call) && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/.test(rest)) return undefined;
  if (![...OPENS, ...RUNS, ...CHANGES].includes(call)) return undefined;
  // What was opened in the end, links followed: strace names it behind the descriptor.
  const opened = /\) += \d+<(\/[^>]*)>/.exec(rest)?.[1];
  if (opened !== undefined) return opened.replace(/ \(deleted\)$/, '');
  const [, descriptor, , quoted] =
    /^(?:(?:AT_FDCWD|\d+)<([^>]*)>)?(, )?(?:"((?:[^"\\]|\\.)*)")?/.exec(rest) ?? [];
  if (quoted === undefined) return descriptor?.startsWith('/') === true ? descriptor : undefined;
  return resolve(descriptor ?? '/', quoted);
}

/** None but root can change it, or put another in its place; a new one stands where it does. */
function isRoots(path: string, { mayBeNew }: { mayBeNew: boolean }): boolean {
  if (/^\/(?:dev|proc)\//.test(path)) return true;
  const own = lookAt(path);
  if (own?.isSymbolicLink() === true && own.uid === 0)
    return areFoldersRoots(dirname(path)) && isRoots(realpathSync(path), { mayBeNew });
  const isOwn = own === undefined || mayBeNew || (own.uid === 0 && (own.mode & 0o022) === 0);
  return isOwn && areFoldersRoots(dirname(path));
}

function areFoldersRoots(folder: string): boolean {
  const stat = lookAt(folder);
  const isSticky = ((stat?.mode ?? 0) & 0o1000) !== 0;
  const isOwn = stat === undefined || (stat.uid === 0 && ((stat.mode & 0o022) === 0 || isSticky));
  return isOwn && (folder === '/' || areFoldersRoots(dirname(folder)));
}

function lookAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
