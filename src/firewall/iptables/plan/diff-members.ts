/** What has to be said to a set so that it holds what it should. */
import type { Members, Part } from '../../../desired/members.ts';
import { NetPart } from '../../../lists/table/net-part.ts';
import { diffParts } from '../../../lists/table/diff-parts.ts';
import type { SetMember } from './change.ts';
import { timeoutFor } from './timeout.ts';

export interface MemberDiff {
  readonly added: readonly SetMember[];
  readonly removed: readonly string[];
  readonly refreshed: readonly SetMember[];
}

/** From one known content to another: parts that are the same object are not looked at. */
export function diffMembers(before: Members, after: Members, now: number): MemberDiff {
  const added: SetMember[] = [];
  const removed: string[] = [];
  const refreshed: SetMember[] = [];
  for (const region of new Set([...before.keys(), ...after.keys()])) {
    const [old, young] = [before.get(region) ?? EMPTY, after.get(region) ?? EMPTY];
    if (old === young) continue;
    if (old instanceof NetPart && young instanceof NetPart) {
      diffParts(old, young, {
        added: (text) => added.push({ text, timeout: 0 }),
        removed: (text) => removed.push(text),
      });
      continue;
    }
    for (const text of old.keys()) if (!young.has(text)) removed.push(text);
    for (const [text, until] of young) {
      const known = old.get(text);
      if (known === until) continue;
      (known === undefined ? added : refreshed).push({ text, timeout: timeoutFor(until, now) });
    }
  }
  return { added, removed, refreshed };
}

const EMPTY: Part = new Map();
