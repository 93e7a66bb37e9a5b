/**
 * The newest of all that git tells: of claims, of repairs of the firewall, and of the policy. It goes back through the
 * commits no further than to as many events as are asked for.
 */
import type { ClaimChange } from '../../claims/diff.ts';
import type { Net } from '../../domain/net.ts';
import { editIn } from '../../ledger/edit-note.ts';
import { readCommits, type Commit } from '../../ledger/git/commit-log.ts';
import type { StateRepository } from '../../ledger/git/git.ts';
import {
  claimsIn,
  diffAbout,
  FOLDERS,
  isAbout,
  listLinesOf,
  policyLinesOn,
  repairLinesOf,
  selectAbout,
  type Lift,
} from '../../ledger/git/history.ts';
import { POLICY_PATHS, policyEventIn, type PolicyEvent } from '../../policy/policy-history.ts';
import { readPolicyLine } from '../../policy/effect/policy-lines.ts';

/** One thing that happened; a commit may tell of many. */
export type HistoryEvent = Pick<Commit, 'commit' | 'time' | 'author'> &
  (
    | { readonly kind: 'claim'; readonly change: ClaimChange }
    | { readonly kind: 'lift'; readonly lift: Lift }
    | { readonly kind: 'repair' | 'policy' | 'list'; readonly line: string }
    | { readonly kind: 'policyEdit'; readonly event: PolicyEvent }
  );

export interface HistoryAsked {
  /** What it is about: itself, what is inside it, and what is around it. Undefined: all. */
  readonly ip?: Net | undefined;
  /** Events of all kinds together. */
  readonly limit: number;
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Only what names this server; and this jail. */
  readonly server?: string | undefined;
  readonly jail?: string | undefined;
}

interface FoundHistory {
  /** Newest first, in git's order: several commits bear one second, and a clock may be set back. */
  readonly events: readonly HistoryEvent[];
  /** There are older ones. */
  readonly isCut: boolean;
  /** Changes that are too much to be read, in words: files and commits. */
  readonly leftOut: readonly string[];
}

/** Finds them. */
export async function findHistory(repository: StateRepository, asked: HistoryAsked): Promise<FoundHistory> {
  const { ip, limit, since, until } = asked;
  const diff = ip === undefined ? ['--', ...FOLDERS, ...POLICY_PATHS] : diffAbout(ip);
  const select = ip === undefined ? undefined : selectAbout(ip);
  const read = async (args: readonly string[], input?: string): Promise<string> =>
    repository.read(args, input);
  const events: HistoryEvent[] = [];
  const leftOut: string[] = [];
  const leaveOut = (commit: string, path: string): void =>
    void leftOut.push(`${path} in commit ${commit.slice(0, 8)}`);
  for await (const commit of readCommits(read, { diff, select, since, until, leaveOut })) {
    for (const event of eventsOf(commit, ip)) {
      if (!isMeant(event, asked)) continue;
      if (events.length === limit) return { events, isCut: true, leftOut };
      events.push(event);
    }
  }
  return { events, isCut: false, leftOut };
}

function* eventsOf(commit: Commit, ip: Net | undefined): Generator<HistoryEvent> {
  const { patch, body, ...head } = commit;
  const { changes, lifts } = claimsIn(commit);
  for (const change of changes)
    if (ip === undefined || isAbout(change.ip, ip)) yield { ...head, kind: 'claim', change };
  for (const lift of lifts)
    if (ip === undefined || isAbout(lift.ip, ip)) yield { ...head, kind: 'lift', lift };
  // Of one address there is nothing to say in these.
  if (ip === undefined) {
    const event = policyEventIn(patch, head.time);
    const did = editIn(body);
    if (event !== undefined)
      yield { ...head, kind: 'policyEdit', event: { ...event, ...(did !== undefined && { did }) } };
    for (const line of repairLinesOf(commit)) yield { ...head, kind: 'repair', line };
    for (const line of listLinesOf(commit)) yield { ...head, kind: 'list', line };
  }
  for (const line of policyLinesOn(body, ip)) yield { ...head, kind: 'policy', line };
}

/** What names no server and no jail is none of theirs. */
function isMeant(event: HistoryEvent, { server, jail }: HistoryAsked): boolean {
  if (server === undefined && jail === undefined) return true;
  const about = namesIn(event);
  return (
    about !== undefined &&
    (server === undefined || about.server === server) &&
    (jail === undefined || about.jail === jail)
  );
}

function namesIn(event: HistoryEvent): { readonly server: string; readonly jail: string } | undefined {
  if (event.kind === 'claim') return event.change;
  if (event.kind === 'lift') return event.lift;
  const told = event.kind === 'policy' ? readPolicyLine(event.line) : undefined;
  return told !== undefined && 'jail' in told ? told : undefined;
}
