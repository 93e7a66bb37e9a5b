/** One line of an export: an address or network that is dropped, and what its receiver may be told of it. */
import type { Net } from '../domain/net.ts';

export interface Entry {
  /** Its canonical text is all of an entry that is ever a word of what another program carries out. */
  readonly net: Net;
  /** Milliseconds since 1970; Infinity for no end. Of several bans the last to end. */
  readonly until: number;
  /** Those that ban it, in order; `policy` for what policy.yaml denies, `escalation` for what its rules ban. */
  readonly jails: readonly string[];
}

/** One that stands for both: with the last end, and all jails. */
export function joinEntries(net: Net, one: Entry, other: Entry): Entry {
  return { net, until: Math.max(one.until, other.until), jails: joinJails(one.jails, other.jails) };
}

/** Mostly the same few, and then the same object. */
function joinJails(one: readonly string[], other: readonly string[]): readonly string[] {
  return other.every((jail) => one.includes(jail)) ? one : [...new Set([...one, ...other])].sort();
}
