/**
 * Knows our own transactions by what they wrote. In a namespace of processes of its own, such as a container's, the
 * kernel tells of a change by a process id of the outer one, which means nothing here, or another process.
 */
import { readlinkSync } from 'node:fs';
import type { TableChange } from './nft-monitor.ts';

/** PROC_PID_INIT_INO of the kernel: the namespace that its process ids are of. */
const FIRST_NAMESPACE = 'pid:[4026531836]';

/** True where the ids that the kernel tells are ours too. */
export function knowsProcessIds(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === FIRST_NAMESPACE;
  } catch {
    return true;
  }
}

/** Transactions whose news may still be on their way: pids come round again some day. */
const MAX_EXPECTED = 64;

/** Processes that lately wrote for us. */
export class OwnProcesses {
  readonly areKnown = knowsProcessIds();
  #pids: readonly number[] = [];

  note(pid: number): void {
    this.#pids = [...this.#pids.filter((each) => each !== pid), pid].slice(-MAX_EXPECTED);
  }

  has(pid: number): boolean {
    return this.areKnown && this.#pids.includes(pid);
  }
}

interface Expected {
  readonly family: TableChange['family'];
  readonly added: string;
  readonly chains: ReadonlySet<string>;
}

export class OwnWrites {
  #expected: Expected[] = [];

  /** Text for iptables-restore is about to be written; returns what to call when it was not. */
  expect(family: TableChange['family'], text: string): () => void {
    const added: string[] = [];
    const chains = new Set<string>();
    for (const line of text.split('\n')) {
      const [, verb, name] = /^(-[A-Z] ?|:)(\S+)/.exec(line) ?? [];
      if (verb === undefined || name === undefined) continue;
      chains.add(name);
      if (verb.startsWith('-A') || verb.startsWith('-I')) added.push(name);
    }
    const expected = { family, added: countText(added), chains };
    this.#expected = [...this.#expected, expected].slice(-MAX_EXPECTED);
    return () => {
      this.#expected = this.#expected.filter((each) => each !== expected);
    };
  }

  /**
   * True, once for each that is expected, of a change with as many new rules in the same chains, and none elsewhere.
   */
  claim({ family, added, chains }: TableChange): boolean {
    const count = countText(added);
    const found = this.#expected.find(
      (each) =>
        each.family === family && each.added === count && chains.every((chain) => each.chains.has(chain)),
    );
    if (found === undefined) return false;
    this.#expected = this.#expected.filter((each) => each !== found);
    return true;
  }
}

function countText(names: readonly string[]): string {
  return names.toSorted().join(' ');
}
