/** One pass in the test's own process, on the real world: what `banspool reconcile` does, without starting Node. */
import { readFileSync } from 'node:fs';
import { readConfig } from '../../src/config/config.ts';
import { freshMemory, type Memory } from '../../src/pass/memory.ts';
import type { PassKind } from '../../src/domain/pass-kind.ts';
import type { Pass } from '../../src/pass/pass.ts';
import { preview } from '../../src/pass/preview.ts';
import { realWorld } from '../../src/world/real-world.ts';
import { reconcile } from '../../src/pass/reconcile.ts';
import type { ReadBudget } from '../../src/spool/take-in.ts';
import type { World } from '../../src/world/world.ts';
import { steady } from '../../src/system/host.ts';
import { openStandingTools } from '../../src/system/firewall/standing-tools.ts';
import { openForkServer } from '../../src/system/processes/fork-server.ts';
import { requirePrivateNetwork } from './namespaces.ts';
import type { Sandbox } from './sandbox.ts';

/** As the controller speaks to programs. */
const { run } = openForkServer();
const standing = openStandingTools();

/**
 * The sandbox's world; `parts` replace the real ones, to inject faults. Where only the time is another, it has passed:
 * the clock that nobody sets goes with it.
 */
export function worldOf(sandbox: Sandbox, parts: Partial<World> = {}): World {
  requirePrivateNetwork();
  const read = readConfig(readFileSync(sandbox.configPath, 'utf8'));
  if (read.kind === 'mistakes') throw new Error(`the sandbox's config: ${JSON.stringify(read.mistakes)}`);
  const silent = { error: () => undefined, warn: () => undefined, info: () => undefined };
  const { now = Date.now } = parts;
  return {
    ...realWorld(read.config, silent, parts.run === undefined ? { run, standing } : { run: parts.run }),
    steady: () => steady() + now() - Date.now(),
    ...parts,
  };
}

const READ_BUDGET: ReadBudget = { milliseconds: 5_000, listedByServer: 10_000 };

/** A pass; with a memory of nothing, and a full one, unless something else is handed in. */
export async function makePass(
  world: World,
  memory: Memory = freshMemory(world),
  kind: PassKind = 'full',
): Promise<Pass> {
  return reconcile(world, memory, { kind, lockWait: 5_000, readBudget: READ_BUDGET, commitAll: true });
}

interface PassesOptions {
  readonly memory?: Memory;
  readonly kind?: PassKind;
  readonly readBudget?: ReadBudget;
}

/** Passes until one says that no other has to follow, by one memory. */
export async function makePasses(
  world: World,
  { memory = freshMemory(world), kind = 'full', readBudget = READ_BUDGET }: PassesOptions = {},
): Promise<readonly Pass[]> {
  const passes: Pass[] = [];
  do {
    passes.push(await reconcile(world, memory, { kind, lockWait: 5_000, readBudget, commitAll: true }));
  } while (passes.at(-1)?.more === true);
  return passes;
}

/** How many changes a pass would make. */
export async function countPlanned(world: World): Promise<number> {
  const { families } = await preview(world);
  return families.reduce((sum, family) => {
    if (family.kind === 'unreadable') throw new Error(family.reason);
    return sum + family.plan.changes.length;
  }, 0);
}
