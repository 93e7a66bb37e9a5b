/**
 * Turns what `ipset list` prints into the sets of ours that are there. Heads first (`-terse`): what other programs
 * keep in their sets may be large and is none of our business.
 */
import { isOfList, isOurs } from '../../chain.ts';
import { COUNTERS, familyOfSet, SET_FAMILY, SET_TYPE } from '../rules/set.ts';
import type { Family } from '../../../domain/net.ts';
import type { Members } from '../../../desired/members.ts';
import type { ListedMembers } from './listed-members.ts';

type SetMake = 'fit' | 'foreign-made' | 'alien';

export interface ObservedSet {
  readonly name: string;
  /**
   * `fit` as it is; `foreign-made` holds what we need but was not made as we make it, and can be swapped for one that
   * was; `alien` is of another type or family, and must go before one of ours can come.
   */
  readonly make: SetMake;
  /** How many members it can hold. */
  readonly capacity: number;
  /** How many it holds, where ipset tells. */
  readonly size?: number | undefined;
  /** Its members may come to an end. */
  readonly hasTimeouts?: boolean;
  /** Each member counts its packets and bytes. */
  readonly isCounted: boolean;
  /** Rules that look into it, in whatever table. */
  readonly references: number;
  readonly content: SetContent;
}

export type SetContent =
  /** As listed at that moment, in milliseconds since 1970. */
  | { readonly kind: 'listed'; readonly members: ListedMembers; readonly at: number }
  /** The kernel took all that was needed for it to hold this; `counts` as it was last listed (member-counts.ts). */
  | { readonly kind: 'settled'; readonly members: Members; readonly counts: string }
  | { readonly kind: 'unknown' };

/** The sets of ours in this family, without their members. */
export function observeSetHeads(
  terse: string,
  { family, prefix }: { family: Family; prefix: string },
): readonly ObservedSet[] {
  return terse
    .split('\n\n')
    .flatMap((block) => readHead(block, { family, prefix }))
    .filter(({ name }) => isOurs(name, prefix) && familyOfSet(name) === family);
}

function readHead(
  block: string,
  { family, prefix }: { family: Family; prefix: string },
): readonly ObservedSet[] {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  const name = field('Name');
  if (name === '') return [];
  const header = field('Header').split(' ');
  const option = (word: string): string | undefined => {
    const at = header.indexOf(word);
    return at < 0 ? undefined : header[at + 1];
  };
  const isAlien = field('Type') !== SET_TYPE || option('family') !== SET_FAMILY[family];
  const isCounted = header.includes(COUNTERS);
  // One that was made where none can count would be made again and again.
  const isUncountable = Number(field('Revision')) < COUNTING_REVISION;
  const isPlain = option('timeout') === undefined && !isCounted;
  const isMade = isOfList(name, prefix) ? isPlain : option('timeout') === '0' && (isCounted || isUncountable);
  const isUsual = isMade && !EXTRAS.some((extra) => header.includes(extra));
  const size = field('Number of entries');
  return [
    {
      name,
      make: isAlien ? 'alien' : isUsual ? 'fit' : 'foreign-made',
      hasTimeouts: option('timeout') !== undefined,
      isCounted,
      capacity: Number(option('maxelem') ?? 0),
      size: size === '' ? undefined : Number(size),
      references: Number(field('References')),
      content: { kind: 'unknown' },
    },
  ];
}

/** What we never make a set with: `forceadd` throws members out when it is full, the others print more to a member. */
const EXTRAS = ['comment', 'skbinfo', 'forceadd', 'netmask', 'bitmask'];

/** The revision of `hash:net` that the kernel and ipset agree on tells whether both know of counters. */
const COUNTING_REVISION = 3;
