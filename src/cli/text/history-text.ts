/** What happened, in the words of `history`: of each event one line, without its time and its commit. */
import { liftWords } from '../../domain/names.ts';
import { printable } from '../../domain/printable.ts';
import { durationText, untilText, type Zone } from '../../domain/words.ts';
import { changeText, detailTexts } from '../../ledger/commit-message.ts';
import type { ClaimChange } from '../../claims/diff.ts';
import type { Lift } from '../../ledger/git/history.ts';
import type { PolicyEvent } from '../../policy/policy-history.ts';
import type { HistoryEvent } from '../history/find-history.ts';

/** What people and servers wrote is in it, and nothing of it that a terminal obeys. */
export function historyText(event: HistoryEvent, zone: Zone): string {
  return printable(wordsOf(event, zone));
}

function wordsOf(event: HistoryEvent, zone: Zone): string {
  switch (event.kind) {
    case 'claim':
      return claimChangeText(event.change, zone);
    case 'lift':
      return liftText(event.lift);
    case 'policyEdit':
      return policyEventText(event.event, zone);
    case 'repair':
    case 'list':
    case 'policy':
      return event.line;
  }
}

/** `ban 203.0.113.7 in sshd by web1 for 10 min, 5 failures`: the time that the line has says from when. */
function claimChangeText(change: ClaimChange, zone: Zone): string {
  if (change.kind === 'ended') return changeText(change);
  const { kind, ip, server, jail } = change;
  const verb = kind === 'banned' ? 'ban' : 'keep';
  const details = detailTexts(change, zone);
  return [`${verb} ${ip.text} in ${jail} by ${server} ${lengthText(change)}`, ...details].join(', ');
}

/** `for 10 min`, to a hundredth: a server tells of its ban some seconds after it began, and the end is what counts. */
export function lengthText({ since, until }: { readonly since: number; readonly until: number }): string {
  if (until === Infinity) return 'until unbanned';
  const length = until - since;
  const rounded = UNITS.map((unit) => Math.round(length / unit) * unit);
  const near = rounded.find((each) => Math.abs(each - length) <= length / 100);
  return `for ${durationText(near ?? length)}`;
}

/** A day, an hour, a minute, a second. */
const UNITS = [86_400_000, 3_600_000, 60_000, 1_000];

/** `lift 203.0.113.7 in every jail by fw2/local`. */
function liftText({ ip, jail, server }: Lift): string {
  return `lift ${ip.text} in ${liftWords(jail)} by ${server}`;
}

/** `policy tried until …`, `policy reverted: it was not confirmed`. */
function policyEventText({ what, until, why, did }: PolicyEvent, zone: Zone): string {
  const end = until === undefined ? '' : ` ${untilText(until, zone)}`;
  const reason = why === undefined ? did : 'it was not confirmed';
  return `policy ${what}${end}${reason === undefined ? '' : `: ${reason}`}`;
}
