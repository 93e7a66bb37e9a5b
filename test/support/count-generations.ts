/**
 * Counts the netfilter transactions of a while, exactly: each has a number, one above the last, and `nft monitor`
 * prints it. A transaction of our own before and one after tell the numbers in between, so nothing has to be waited
 * for. iptables-legacy leaves no such trace.
 */
import { Child } from './child.ts';
import { eventually } from './eventually.ts';
import { requirePrivateNetwork } from './namespaces.ts';
import { outputOf } from './run-program.ts';

/**
 * How many transactions were made in this network namespace, or where `enter` leads, while `work` ran. `enter` must
 * stay in this PID namespace: what nsenter starts in another one outlives it.
 */
export async function countGenerations(
  work: () => Promise<unknown>,
  enter: readonly string[] = [],
): Promise<number> {
  requirePrivateNetwork();
  await using monitor = new Child([...enter, 'nft', 'monitor']);
  let attempts = 0;
  // At first the monitor may not listen yet.
  const before = await eventually(async () => {
    attempts += 1;
    return markGeneration({ monitor, enter }, `before${attempts}`, HEARD_WITHIN_MS);
  });
  await work();
  const after = await markGeneration({ monitor, enter }, 'after');
  return after - before - 1;
}

interface Marked {
  readonly monitor: Child;
  readonly enter: readonly string[];
}

/** Makes one transaction and returns its number. */
async function markGeneration({ monitor, enter }: Marked, table: string, limitMs?: number): Promise<number> {
  await outputOf([...enter, 'nft', `add table inet ${table}; delete table inet ${table}`]);
  return eventually(() => {
    const told = new RegExp(`delete table inet ${table}\n# new generation (\\d+) `).exec(monitor.stdout);
    if (told === null) throw new Error(`nft monitor said: ${monitor.stdout}${monitor.stderr}`);
    return Number(told[1]);
  }, limitMs);
}

/** After that the monitor is taken for one that did not listen yet, and told again. */
const HEARD_WITHIN_MS = 500;
