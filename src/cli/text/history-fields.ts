/** What happened, as `history --json` tells it: the fields of each kind of event, and beside them its words in UTC. */
import type { ClaimChange } from '../../claims/diff.ts';
import { EVERY_JAIL, peerOf } from '../../domain/names.ts';
import { readDriftText } from '../../firewall/drift-words.ts';
import { readListLine, type Lift } from '../../ledger/git/history.ts';
import type { PolicyEvent } from '../../policy/policy-history.ts';
import { readPolicyLine } from '../../policy/effect/policy-lines.ts';
import { UTC } from '../../domain/words.ts';
import { isoTime } from '../../yaml/time.ts';
import type { HistoryEvent } from '../history/find-history.ts';
import { historyText } from './history-text.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The event; a time is ISO 8601 in UTC, and what is not known null. */
export function historyFields(event: HistoryEvent): Fields {
  const { time, commit, author } = event;
  return { time: isoTime(time), commit, author, ...fieldsOf(event), text: historyText(event, UTC) };
}

function fieldsOf(event: HistoryEvent): Fields {
  switch (event.kind) {
    case 'claim':
      return ofChange(event.change);
    case 'lift':
      return ofLift(event.lift);
    case 'policyEdit':
      return ofPolicyEvent(event.event);
    case 'repair':
      return ofRepair(event.line);
    case 'list':
      return ofListLine(event.line);
    case 'policy':
      return ofPolicyLine(event.line);
  }
}

function ofChange(change: ClaimChange): Fields {
  const { kind, ip, jail, server } = change;
  const named = { kind, ip: ip.text, jail, server };
  if (kind === 'ended') return { ...named, why: change.why, peer: change.peer ?? null };
  const { since, until, details: { failures, reason, ifConfirmed } = {} } = change;
  return {
    ...named,
    since: isoTime(since),
    until: endTime(until),
    failures: failures ?? null,
    reason: reason ?? null,
    ...(ifConfirmed !== undefined && { untilIfConfirmed: endTime(ifConfirmed) }),
  };
}

/** `jail: null` is every jail; `of` is the server whose claims alone are lifted. */
function ofLift({ ip, jail: name, server }: Lift): Fields {
  const [jail, of] = name.split('@');
  const lifted = { jail: jail === EVERY_JAIL ? null : jail, of: of ?? null };
  return { kind: 'lifted', ip: ip.text, ...lifted, server, peer: peerOf(server) ?? null };
}

function ofPolicyEvent({ what, until, why, did }: PolicyEvent): Fields {
  const end = until === undefined ? null : endTime(until);
  return { kind: `policy-${what}`, until: end, why: why ?? null, did: did ?? null };
}

function ofRepair(line: string): Fields {
  const { family = null, culprits = null, took = null, changes, more = null } = readDriftText(line) ?? {};
  const done = changes?.map(({ did, name, isSet, count, rule }) => ({
    ...{ did, chain: isSet ? null : name, set: isSet ? name : null },
    ...{ count: count ?? null, rule: rule ?? null },
  }));
  return { kind: 'drift', family, culprits, changes: done ?? null, moreChanges: more, tookMs: took };
}

function ofListLine(line: string): Fields {
  const { name = null, before = null, after = null, sha256 = null } = readListLine(line) ?? {};
  return { kind: 'list', list: name, before, after, sha256 };
}

function ofPolicyLine(line: string): Fields {
  const { effect = null, ...told } = readPolicyLine(line) ?? {};
  return { kind: 'policy', effect, ip: null, jail: null, server: null, ...told };
}

/** Null: until unbanned. */
function endTime(time: number): string | null {
  return time === Infinity ? null : isoTime(time);
}
