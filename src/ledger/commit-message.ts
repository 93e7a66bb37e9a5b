/** Who was banned by whom, until when and why, as a commit message: `git log` of the state is the history. */
import type { Details } from '../claims/claim.ts';
import type { ClaimChange, Ended } from '../claims/diff.ts';
import { countText, UTC, untilText, type Zone } from '../domain/words.ts';

/** Lines of a message; beyond that the diff itself tells. */
const MAX_LINES = 100;

/** A message for these changes; `subject` replaces the one that tells of them, and `others` are more lines. */
export function commitMessage(
  changes: readonly ClaimChange[],
  subject?: string,
  others: readonly string[] = [],
): string {
  const lines = changes.slice(0, MAX_LINES).map((change) => changeText(change));
  const more = changes.length - lines.length;
  if (more > 0) lines.push(`and ${countText(more, 'more change')}`);
  lines.push(...others);
  const body = lines.length === 0 || (lines.length === 1 && subject === undefined) ? [] : ['', ...lines];
  return `${[subject ?? subjectOf(changes), ...body].join('\n')}\n`;
}

/** One change in a line: `ban 203.0.113.7 in sshd by web1 until …, 5 failures`. */
export function changeText(change: ClaimChange, zone: Zone = UTC): string {
  const { ip, server, jail } = change;
  if (change.kind === 'ended') {
    const why = change.peer === undefined ? WHY[change.why] : `the operator of ${change.peer} lifted it`;
    return `end ${ip.text} in ${jail} by ${server}: ${why}`;
  }
  const verb = change.kind === 'banned' ? 'ban' : 'keep';
  const ban = `${verb} ${ip.text} in ${jail} by ${server} ${untilText(change.until, zone)}`;
  return [ban, ...detailTexts(change, zone)].join(', ');
}

/** What a ban said for people: `5 failures`, its reason, and how long it lasts once it is confirmed. */
export function detailTexts(
  { details }: { readonly details: Details | undefined },
  zone: Zone,
): readonly string[] {
  const { failures, reason, ifConfirmed } = details ?? {};
  return [
    ...(failures !== undefined && failures > 0 ? [countText(failures, 'failure')] : []),
    ...(reason === undefined ? [] : [reason]),
    ...(ifConfirmed === undefined ? [] : [`${untilText(ifConfirmed, zone)} once confirmed`]),
  ];
}

const WHY: Readonly<Record<Ended['why'], string>> = {
  expired: 'expired',
  unconfirmed: 'it was not confirmed',
  unbanned: 'the server unbanned it',
  lifted: 'an operator lifted it',
  withdrawn: 'it is no longer claimed',
};

function subjectOf(changes: readonly ClaimChange[]): string {
  const [only] = changes;
  if (only === undefined) return 'Record the settings of jails';
  if (changes.length === 1) return changeText(only);
  const count = (kind: ClaimChange['kind']): number =>
    changes.filter((change) => change.kind === kind).length;
  const parts = [
    [count('banned'), 'ban'] as const,
    [count('changed'), 'keep'] as const,
    [count('ended'), 'end'] as const,
  ].flatMap(([number, verb]) => (number === 0 ? [] : [`${verb} ${number}`]));
  const servers = [...new Set(changes.map(({ server }) => server))].sort();
  const shown = servers.slice(0, 5).join(', ') + (servers.length > 5 ? ', …' : '');
  return `${parts.join(', ')} (${shown})`;
}
