/**
 * Turns what `ipset list` prints into the sets of ours that are there. Heads first (`-terse`): what other programs
 * keep in their sets may be large and is none of our business.
 */
import { isOurs } from '../../chain.ts';
import { familyOfSet, SET_FAMILY, SET_TYPE } from '../rules/set.ts';
import type { Family } from '../../../domain/net.ts';
import type { Members } from '../../../desired/members.ts';

export interface ObservedSet {
  readonly name: string;
  /**
   * `fit` as it is; `foreign-made` holds what we need but was not made as we make it, and can be swapped for one that
   * was; `alien` is of another type or family, and must go before one of ours can come.
   */
  readonly make: 'fit' | 'foreign-made' | 'alien';
  /** How many members it can hold. */
  readonly capacity: number;
  /** Rules that look into it, in whatever table. */
  readonly references: number;
  readonly content: SetContent;
}

type SetContent =
  /** As listed at that moment, in milliseconds since 1970: a line a member. */
  | { readonly kind: 'listed'; readonly lines: string; readonly at: number }
  /** The kernel took all that was needed for it to hold this. */
  | { readonly kind: 'settled'; readonly members: Members }
  | { readonly kind: 'unknown' };

/** The sets of ours in this family, without their members. */
export function observeSetHeads(
  terse: string,
  { family, prefix }: { family: Family; prefix: string },
): readonly ObservedSet[] {
  return terse
    .split('\n\n')
    .flatMap((block) => readHead(block, family))
    .filter(({ name }) => isOurs(name, prefix) && familyOfSet(name) === family);
}

/** The set with the members that `ipset list NAME` printed at `at`. */
export function withMembers(set: ObservedSet, listing: string, at: number): ObservedSet {
  const start = listing.indexOf(MEMBERS);
  const lines = start < 0 ? '' : listing.slice(start + MEMBERS.length);
  return { ...set, content: { kind: 'listed', lines, at } };
}

const MEMBERS = '\nMembers:\n';

function readHead(block: string, family: Family): readonly ObservedSet[] {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  const name = field('Name');
  if (name === '') return [];
  const header = field('Header').split(' ');
  const option = (word: string): string | undefined => {
    const at = header.indexOf(word);
    return at < 0 ? undefined : header[at + 1];
  };
  const isAlien = field('Type') !== SET_TYPE || option('family') !== SET_FAMILY[family];
  const isFit = option('timeout') === '0' && !EXTRAS.some((extra) => header.includes(extra));
  return [
    {
      name,
      make: isAlien ? 'alien' : isFit ? 'fit' : 'foreign-made',
      capacity: Number(option('maxelem') ?? 0),
      references: Number(field('References')),
      content: { kind: 'unknown' },
    },
  ];
}

/** What we never make a set with: `forceadd` throws members out when it is full, the others print more to a member. */
const EXTRAS = ['counters', 'comment', 'skbinfo', 'forceadd', 'netmask', 'bitmask'];
