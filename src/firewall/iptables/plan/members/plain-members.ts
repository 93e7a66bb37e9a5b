/** The members of a plain set, made one by one when they are asked for: a million at once would take 100 MB. */
import { countMembers, type Members } from '../../../../desired/members.ts';
import type { SetMember, SetMembers } from '../change.ts';

export class PlainMembers implements SetMembers {
  readonly #members: Members;
  readonly length: number;

  constructor(members: Members) {
    this.#members = members;
    this.length = countMembers(members);
  }

  *[Symbol.iterator](): Generator<SetMember, undefined> {
    for (const part of this.#members.values()) for (const text of part.keys()) yield { text, timeout: 0 };
    return undefined;
  }
}
