/**
 * The members of a set that ends and counts them, made one by one when they are asked for: of a hundred thousand the
 * first are with ipset while the others are made, and none is kept.
 */
import { countMembers, eachMember, type Members } from '../../../../desired/members.ts';
import type { SetMember, SetMembers } from '../change.ts';
import type { Counts } from '../counts-before.ts';
import { timeoutFor } from '../timeout.ts';

interface TimedMembersOptions {
  /** What they count on from. */
  readonly counts: Counts;
  /** In milliseconds since 1970. */
  readonly now: number;
}

export class TimedMembers implements SetMembers {
  readonly #members: Members;
  readonly #counts: Counts;
  readonly #now: number;
  readonly length: number;

  constructor(members: Members, { counts, now }: TimedMembersOptions) {
    this.#members = members;
    this.#counts = counts;
    this.#now = now;
    this.length = countMembers(members);
  }

  get mayCount(): boolean {
    return this.#counts.size > 0;
  }

  *[Symbol.iterator](): Generator<SetMember, undefined> {
    for (const [text, until] of eachMember(this.#members)) {
      const timeout = timeoutFor(until, this.#now);
      const counted = this.mayCount ? this.#counts.get(text) : undefined;
      yield counted === undefined ? { text, timeout } : { text, timeout, counted };
    }
    return undefined;
  }
}
