/** A suite with a folder for a state, on real files and a real git; and what a pass and a person do with it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, type Test } from 'uvu';
import { diffStates } from '../../src/claims/diff.ts';
import type { State } from '../../src/claims/state.ts';
import type { LedgerWorld } from '../../src/ledger/ledger-world.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { mayBeHeld } from '../../src/system/files/file-holders.ts';
import { files } from '../../src/system/files/files.ts';
import { retakeLock, takeLock } from '../../src/system/files/lock.ts';
import { run } from '../../src/system/processes/run.ts';
import { millis } from '../claims/said.ts';

export interface Context {
  folder: string;
  world: LedgerWorld;
}

/** Gives each test a folder, in which the state does not stand yet. */
export function ledgerSuite(title: string): Test<Context> {
  const ledger = suite<Context>(title);

  ledger.before.each((context) => {
    const folder = mkdtempSync(join(tmpdir(), 'banspool-ledger-'));
    const [template, runtime] = [join(folder, 'template'), join(folder, 'run')];
    for (const each of [template, runtime]) mkdirSync(each);
    writeFileSync(join(template, 'policy.yaml'), 'allow: []\n');
    context.folder = folder;
    context.world = {
      config: { state: join(folder, 'state'), runtime, families: ['ipv4', 'ipv6'] },
      ...{ files, run, takeLock, retakeLock, mayBeHeld, template },
      now: () => millis(10),
    };
  });

  ledger.after.each(({ folder }) => {
    rmSync(folder, { recursive: true });
  });

  return ledger;
}

/** What a pass does with it, without a firewall; resolves with the problems. */
export async function pass(mine: Ledger, state: State): Promise<readonly unknown[]> {
  return mine.whileHeld(0, async () => {
    await mine.open();
    const read = await mine.read({ isFull: true });
    const untaken = await mine.takeOver({ ...read, isFull: true });
    const unsaved = await mine.save(state);
    const options = { commitAll: true, patience: undefined, isLossTold: false };
    const claimChanges = diffStates(read.state, state, millis(10));
    const uncommitted = await mine.commit({ state, since: read.state, claimChanges, ...options });
    return [...read.problems, ...untaken, ...(unsaved === undefined ? [] : [unsaved]), ...uncommitted];
  });
}

/** Runs git on the state, as a person does. */
export function git({ config }: Pick<LedgerWorld, 'config'>, ...args: readonly string[]): string {
  const env = {
    PATH: process.env['PATH'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'A Person',
    GIT_AUTHOR_EMAIL: 'person@example.net',
    GIT_COMMITTER_NAME: 'A Person',
    GIT_COMMITTER_EMAIL: 'person@example.net',
  };
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  return execFileSync('git', args, { cwd: config.state, env, encoding: 'utf8', stdio: [...stdio] });
}

/** Writes files of the state. */
export function write(
  { config }: Pick<LedgerWorld, 'config'>,
  texts: Readonly<Record<string, string>>,
): void {
  mkdirSync(config.state, { recursive: true });
  for (const [name, text] of Object.entries(texts)) {
    const path = join(config.state, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Writes and commits these; the first makes the repository. Returns the commit. */
export function commit(
  world: Pick<LedgerWorld, 'config'>,
  texts: Readonly<Record<string, string>>,
  message = 'x',
): string {
  write(world, texts);
  git(world, 'init', '--quiet', '--initial-branch=main');
  git(world, 'add', '.');
  git(world, 'commit', '--quiet', '--allow-empty', '-m', message);
  return git(world, 'rev-parse', 'HEAD').trim();
}

/** Runs a line of shell, as root does who was told it. */
export function shell(line: string): string {
  return execFileSync('sh', ['-c', line], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
