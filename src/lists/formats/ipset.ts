/**
 * Reads a line of `ipset save`: `create` names a set's type and options, `add` its members
 * (https://ipset.netfilter.org/ipset.man.html). Sets of addresses and of nets are read; members of all others, which
 * have ports or devices beside the address, ban less than an address and are not.
 */
import { decoded } from '../decoded.ts';
import type { LineMeaning, LineParser } from '../entry.ts';
import { parseRange } from '../range.ts';
import { entryOf } from './details.ts';

/** A parser that knows the sets that were created. A set that was not is taken to be one of addresses or nets. */
export function openIpsetParser(): LineParser {
  const sets = new Map<string, SetMake>();
  return (line) => {
    const said = line.trim();
    if (said === '' || said.startsWith('#')) return 'nothing';
    const [command = '', name = '', third = '', ...options] = said.split(' ');
    switch (command) {
      case 'create':
        if (sets.size < MOST_SETS) sets.set(name, makeOf(third, options));
        return 'nothing';
      case 'add':
        return parseMember({ name, member: third, options, make: sets.get(name) ?? UNKNOWN, said });
      default:
        return IDLE_COMMANDS.includes(command) ? 'nothing' : 'unread';
    }
  };
}

/** What a set's members are. */
interface SetMake {
  readonly isOfAddresses: boolean;
  /** The prefix of each member, where the set has one for all. */
  readonly netmask: string | undefined;
}

const UNKNOWN: SetMake = { isOfAddresses: true, netmask: undefined };

function makeOf(type: string, options: readonly string[]): SetMake {
  return {
    isOfAddresses: READ_TYPES.includes(type) && !options.includes('bitmask'),
    netmask: valueOf('netmask', options),
  };
}

interface Member {
  readonly name: string;
  readonly member: string;
  readonly options: readonly string[];
  readonly make: SetMake;
  readonly said: string;
}

function parseMember({ name, member, options, make, said }: Member): LineMeaning {
  const text = make.netmask === undefined ? member : `${member}/${make.netmask}`;
  const range = make.isOfAddresses ? parseRange(text) : undefined;
  // What is marked so is left out of the nets of the set.
  const isException = options.includes('nomatch') && !isInComment('nomatch', said);
  if (range === undefined || isException) return 'unread';
  const timeout = Number(valueOf('timeout', options) ?? NaN);
  return entryOf(range, {
    reason: decoded(/ comment "([^"]*)"/.exec(said)?.[1] ?? ''),
    jail: /^(?:f2b|fail2ban)-(.+)$/.exec(name)?.[1],
    // 0 is no timeout.
    until: timeout === 0 ? Infinity : undefined,
    left: timeout > 0 ? timeout * SECOND_MS : undefined,
  });
}

function valueOf(option: string, options: readonly string[]): string | undefined {
  const place = options.indexOf(option);
  return place === -1 ? undefined : options[place + 1];
}

/** A comment stands behind all other options. */
function isInComment(word: string, said: string): boolean {
  const comment = said.indexOf(' comment "');
  return comment !== -1 && said.indexOf(` ${word}`) > comment;
}

const READ_TYPES = ['hash:ip', 'hash:net', 'bitmap:ip'];
const IDLE_COMMANDS = ['flush', 'COMMIT', 'quit'];
const SECOND_MS = 1_000;

/** The kernel's own limit is 65,534. */
const MOST_SETS = 65_534;
