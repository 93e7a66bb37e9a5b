/** What is wrong with a list, in words: the newest content does not count, or is too old. */
import { durationText, numberText, timeText } from '../../domain/words.ts';
import type { FetchedNote } from '../../lists/fetched-note.ts';
import type { ListTrouble } from './list-in-force.ts';
import type { BadList } from './read-list.ts';

/** Why the newest content does not count. */
export type Badness = BadList | { readonly reason: 'Shrunk'; readonly words: string };

interface Subject {
  readonly name: string;
  readonly path: string;
  /** Since when the content that counts is known; undefined where there is none. */
  readonly takenAt: number | undefined;
  readonly bad: Badness | undefined;
  /** When the file was written, or confirmed by its server. */
  readonly confirmed: number | undefined;
  /** Milliseconds after which it is too old. */
  readonly stale: number;
  /** Where the file is the fetcher's: what that noted last of this URL; null: nothing yet. */
  readonly fetched: FetchedNote | null | undefined;
}

/** The worst of it; undefined where all is well. */
export function troubleOf(subject: Subject, now: number): ListTrouble | undefined {
  const { name, path, bad, confirmed, stale, fetched } = subject;
  const error = fetched?.error ?? null;
  const failed = error === null ? '' : `; the last request failed: ${error.text}`;
  const told = (reason: ListTrouble['reason'], words: string): ListTrouble => ({
    reason,
    message: `list ${name}: ${words}${failed}; ${remains(subject)}`,
  });
  if (fetched !== undefined && (fetched === null || bad?.reason === 'Missing'))
    return told(
      'NothingYet',
      `nothing was fetched yet${failed === '' ? '; fix: systemctl start banspool-fetch' : ''}`,
    );
  if (bad !== undefined) return told(bad.reason, `${path} ${bad.words}`);
  if (confirmed === undefined || now - confirmed <= stale) return undefined;
  const what = fetched === undefined ? 'was written' : 'was last confirmed by its server';
  return told('Stale', `${path} ${what} ${timeText(confirmed)}, more than ${durationText(stale)} ago`);
}

function remains({ takenAt }: Subject): string {
  if (takenAt === undefined) return 'nothing of it is enforced';
  return `its content of ${timeText(takenAt)} stays in force`;
}

/** Of a list that is less than half as long as before. */
export function shrunk({ now, before, path }: { now: number; before: number; path: string }): Badness {
  const words = `has ${numberText(now)} entries, and had ${numberText(before)}; fix: to accept it, touch ${path}`;
  return { reason: 'Shrunk', words };
}
