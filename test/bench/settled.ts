/** Waits for a controller, of this build or another one: of its status.json nothing is read but what waiting needs. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from '../support/child.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { tool } from './bare.ts';
import { unitSettings } from './fleet/as-unit.ts';

/** What these figures are good to. */
const LOOK_EVERY_MS = 10;

const LIMIT_MS = 120_000;

/** Of what a build wrote down of itself. */
export interface Status {
  readonly pid: number;
  readonly conditions: readonly { readonly reason: string }[];
  readonly servers: readonly { readonly intents: number }[];
  /** Newest first. */
  readonly passes: readonly {
    readonly kind: 'full' | 'quick';
    readonly startedAt: string;
    readonly durationMs: number;
  }[];
}

/** Undefined before the first pass. */
export function statusOf(sandbox: Sandbox): Status | undefined {
  try {
    return JSON.parse(readFileSync(join(sandbox.folder, 'status.json'), 'utf8')) as Status;
  } catch {
    return undefined;
  }
}

/** Starts the controller as its unit does, and waits for its first pass, however that ended. */
export async function startController(sandbox: Sandbox): Promise<Child> {
  const build = join(dirname(sandbox.program), '..');
  const child = sandbox.spawnController(unitSettings('banspool.service', build));
  await until('the controller makes no pass', () => {
    if (child.process.exitCode !== null) throw new Error(`the controller ended: ${child.stderr}`);
    const status = statusOf(sandbox);
    return status?.pid === child.pid && status.passes.length > 0;
  });
  return child;
}

/** Nothing waits, and the pass that took the last of it has ended, commit and all. */
export async function settled(sandbox: Sandbox, limitMs = LIMIT_MS): Promise<void> {
  await until(
    'intents still wait',
    () => taken(sandbox) >= sandbox.dropped && sandbox.waiting().length === 0,
    limitMs,
  );
}

/** Looks again and again; throws that it is `otherwise` when the time is over. */
export async function until(
  otherwise: string,
  isSo: () => boolean | Promise<boolean>,
  limitMs = LIMIT_MS,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${otherwise} after ${limitMs} ms`);
    await delay(LOOK_EVERY_MS);
  }
}

function taken(sandbox: Sandbox): number {
  const status = statusOf(sandbox);
  // A long pass counts what it took while it still saves and commits.
  if (status === undefined || status.conditions.some(({ reason }) => reason === 'PassUnderWay')) return 0;
  return status.servers.reduce((sum, { intents }) => sum + intents, 0);
}

/** How many a set of the kernel holds; none where there is no such set. */
export async function membersOf(set: string): Promise<number> {
  const listed = await tool('sh', ['-c', 'ipset list -terse "$1" 2>/dev/null || :', 'sh', set]);
  return Number(/Number of entries: (\d+)/.exec(listed)?.[1] ?? 0);
}
