/** What came of an operator's unban, once the controller has taken it in. */
import { EVERY_JAIL } from '../names/names.ts';
import type { Net } from '../net/net.ts';
import type { Judgement } from '../policy/judge.ts';
import type { LiveClaim } from '../state/live.ts';
import { claimText } from './explain.ts';

export interface UnbanContext {
  /** `*` is every jail. */
  readonly jail: string;
  readonly before: Judgement;
  readonly after: Judgement;
}

/** One sentence, without a full stop, on the claims of exactly this address. */
export function unbanOutcome(ip: Net, { jail, before, after }: UnbanContext): string {
  const claimsIn = ({ enforced, ignored }: Judgement): readonly LiveClaim[] =>
    [...enforced, ...ignored.map(({ claim }) => claim)].filter(
      (claim) => claim.ip.text === ip.text && (jail === EVERY_JAIL || claim.jail === jail),
    );
  const what = jail === EVERY_JAIL ? ip.text : `${ip.text} in ${jail}`;
  const [again] = claimsIn(after);
  if (again !== undefined) return `${ip.text} is claimed again in ${again.jail}: ${claimText(again)}`;
  return claimsIn(before).length === 0 ? `nothing claimed ${what}` : `every claim on ${what} is lifted`;
}
