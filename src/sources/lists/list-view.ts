/** A list as people and programs see it: what of it is enforced, what is not and why, and how old it is. */
import type { ConcludedList } from '../../desired/conclude-lists.ts';
import { enforcedCount } from '../../desired/conclude-lists.ts';
import { printable } from '../../domain/printable.ts';
import { agoText, countText, numberText } from '../../domain/words.ts';
import { isoTime } from '../../yaml/time.ts';
import type { ListInForce } from './list-in-force.ts';

/** As status.json and `--json` have it; times are ISO 8601 in UTC, and null is not known. */
export interface ListView {
  readonly name: string;
  readonly note: string | null;
  /** The file, or the URL without what may be secret. */
  readonly from: string;
  /** Lines that were understood. */
  readonly entries: number;
  /** What is dropped, once overlapping entries are merged. */
  readonly nets: number;
  /** Nets of it that lie inside of allowed nets and own addresses, then entries that are private or too wide. */
  readonly notEnforced: {
    readonly allowed: number;
    readonly own: number;
    readonly private: number;
    readonly tooWide: number;
  };
  /** Lines that were not understood. */
  readonly unread: number;
  readonly sha256: string | null;
  /** When the content that counts was first read. */
  readonly takenAt: string | null;
  /** When its file was written, or its server said last that it is the newest. */
  readonly confirmedAt: string | null;
  /** The reason of `ListsFresh`, where that is false for it. */
  readonly reason: string | null;
}

/** Of each list, with what was concluded of it. */
export function viewLists(
  lists: readonly ListInForce[],
  concluded: readonly ConcludedList[],
): readonly ListView[] {
  return lists.map((list) =>
    viewOf(
      list,
      concluded.find(({ name }) => name === list.name),
    ),
  );
}

function viewOf(list: ListInForce, concluded: ConcludedList | undefined): ListView {
  const { name, note, from, facts, takenAt, confirmed, trouble } = list;
  const { allowed, own } = concluded?.spared ?? { allowed: 0, own: 0 };
  return {
    ...{ name, note: note ?? null, from, entries: facts?.entries ?? 0 },
    nets: concluded === undefined ? list.table.size() : enforcedCount(concluded),
    notEnforced: { allowed, own, private: facts?.private ?? 0, tooWide: facts?.tooWide ?? 0 },
    ...{ unread: facts?.unread ?? 0, sha256: facts?.sha256 ?? null },
    takenAt: takenAt === undefined ? null : isoTime(takenAt),
    confirmedAt: confirmed === undefined ? null : isoTime(confirmed),
    reason: trouble?.reason ?? null,
  };
}

/** `drop (Spamhaus): 1,204 networks of 1,310 entries, 2 private, written 3 h ago, sha256 12ab34cd56ef`. */
export function listText(view: ListView, now: number): string {
  const { name, note, entries, nets, notEnforced, unread, sha256, confirmedAt } = view;
  const { allowed, own, private: special, tooWide } = notEnforced;
  const parts = [
    `${countText(nets, 'network')} of ${countText(entries, 'entry', 'entries')} dropped`,
    ...counted(allowed, 'allowed'),
    ...counted(own, 'own'),
    ...counted(special, 'private'),
    ...counted(tooWide, 'too wide'),
    ...counted(unread, 'not understood'),
    ...(confirmedAt === null ? [] : [`confirmed ${agoText(Date.parse(confirmedAt), now)}`]),
    ...(sha256 === null ? [] : [`sha256 ${sha256.slice(0, SHOWN_HASH)}`]),
  ];
  return printable(`${nameWithNote({ name, note })}: ${parts.join(', ')}`);
}

/** `drop (Spamhaus)`. */
export function nameWithNote({
  name,
  note,
}: {
  readonly name: string;
  readonly note?: string | null | undefined;
}): string {
  return note === undefined || note === null ? name : `${name} (${note})`;
}

/** Enough to tell two contents apart. */
export const SHOWN_HASH = 12;

function counted(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${numberText(count)} ${what}`];
}
