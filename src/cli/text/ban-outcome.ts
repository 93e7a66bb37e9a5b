/**
 * What came of an operator's ban, once the controller has taken it in: an earlier ban or the policy may count for
 * more.
 */
import type { BanIntent } from '../../intent/intent.ts';
import { OPERATOR } from '../../domain/names.ts';
import { originOf } from '../../domain/origin.ts';
import { NOTHING_ENFORCED, type Mode } from '../../config/mode.ts';
import type { Family } from '../../domain/net.ts';
import type { Judgement } from '../../policy/judge.ts';
import { whyIgnoredText } from '../../policy/why-ignored.ts';
import type { LiveClaim } from '../../claims/live.ts';
import { untilText, type Zone } from '../../domain/words.ts';

interface BanContext {
  /** Of the state that the ban was folded into. */
  readonly judgement: Judgement;
  /** Those that are enforced at all. */
  readonly families: readonly Family[];
  readonly mode: Mode;
  readonly zone: Zone;
}

/** One sentence, without a full stop. */
export function banOutcome(ban: BanIntent, context: BanContext): string {
  const outcome = outcomeOf(ban, context);
  return context.mode === 'observe' ? `${outcome}; ${NOTHING_ENFORCED}` : outcome;
}

function outcomeOf(ban: BanIntent, { judgement, families, mode, zone }: BanContext): string {
  const { text, family } = ban.ip;
  const why = reasonNotDropped(ban, judgement);
  if (why !== undefined) return `${text} is claimed but not dropped: ${why}`;
  const claim = judgement.enforced.find(isOf(ban));
  if (claim === undefined) return `${text} is no longer banned: the ban expired or was lifted`;
  if (!families.includes(family)) {
    return `${text} is claimed but not dropped: the config does not list ${family} in families`;
  }
  const until = untilText(claim.until, zone);
  const is = mode === 'observe' ? 'would be' : 'is';
  if (claim.until > ban.until)
    return `${text} ${mode === 'observe' ? 'would stay' : 'stays'} banned ${until}: an earlier ban lasts longer`;
  if (claim.until < ban.until)
    return `${text} ${is} banned ${until}: that is the longest ban that policy.yaml allows ${OPERATOR}`;
  return `${text} ${is} banned ${until}`;
}

/** Why the ban is not enforced, though it is claimed; undefined where there is no such reason. */
export function reasonNotDropped(ban: BanIntent, { ignored }: Judgement): string | undefined {
  const own = ignored.find(({ claim }) => isOf(ban)(claim));
  return own === undefined ? undefined : whyIgnoredText(own.why);
}

function isOf(ban: BanIntent): (claim: LiveClaim) => boolean {
  return ({ server, jail, ip }) =>
    originOf(server).kind === 'operator' && jail === ban.jail && ip.text === ban.ip.text;
}
