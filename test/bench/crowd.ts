/** Bans that stand already, spread over the address space as attackers are. */
import type { Sandbox } from '../support/sandbox.ts';
import { snapshotText } from '../support/intent-text.ts';

/** That many different addresses, none of them of a network that the benchmark uses; always the same ones. */
export function crowd(count: number): readonly string[] {
  const found: string[] = [];
  for (let index = 0; found.length < count; index += 1) {
    // 1 to 222 without 10, 127 and 198, in turns.
    const first = 1 + (index % 222);
    if ([10, 127, 198].includes(first)) continue;
    const rest = Math.floor(index / 222);
    found.push(`${first}.${(rest * 7) & 255}.${(rest >> 8) & 255}.${rest & 255}`);
  }
  return found;
}

/** Largest snapshots that stay under the 4 MiB of a file. */
const PER_FILE = 20_000;

/** Has them claimed, for a day and more, by as many servers as their limits need. */
export function claimCrowd(sandbox: Sandbox, addresses: readonly string[]): void {
  for (let from = 0; from < addresses.length; from += PER_FILE) {
    const some = addresses.slice(from, from + PER_FILE);
    sandbox.drop(`crowd${from / PER_FILE}`, snapshotText(some, { protocol: 'all', ports: 'all' }, 100_000));
  }
}
