/** What has to be said to a set so that it holds what it should. */
import { diffMemberParts, diffTexts, MemberPart } from '../../../desired/member-part.ts';
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
  const tell = {
    added: (text: string, until: number) => void added.push({ text, timeout: timeoutFor(until, now) }),
    removed: (text: string) => void removed.push(text),
    refreshed: (text: string, until: number) =>
      void refreshed.push({ text, timeout: timeoutFor(until, now) }),
  };
  const diff = (old: Part, young: Part): void => {
    if (old instanceof MemberPart && young instanceof MemberPart) diffMemberParts(old, young, tell);
    else if (old instanceof NetPart && young instanceof NetPart)
      diffParts(old, young, {
        removed: tell.removed,
        added: (text) => {
          tell.added(text, Infinity);
        },
      });
    else diffTexts(old, young, tell);
  };
  for (const [region, old] of before) {
    const young = after.get(region);
    if (old !== young) diff(old, young ?? EMPTY);
  }
  for (const [region, young] of after) if (!before.has(region)) diff(EMPTY, young);
  return { added, removed, refreshed };
}

const EMPTY: Part = new Map();
