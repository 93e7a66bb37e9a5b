/** policy/judge.ts with one rule more, and every day a Sunday: nothing is dropped on Sundays. See sunday.test.ts. */
import {
  judge as judgeAsEver,
  termsOf as termsAsEver,
  type Circumstances,
  type Judgement,
} from '../../src/policy/judge.ts';
import type { WhyIgnored } from '../../src/policy/why-ignored.ts';
import type { LiveClaim } from '../../src/claims/live.ts';

/** In the words that there are, since it is told apart by the name. */
const SUNDAY: WhyIgnored = { code: 'too-long', server: 'a Sunday' };

export function judge(claims: Iterable<LiveClaim>, circumstances: Circumstances): Judgement {
  const { enforced, ignored, ...rest } = judgeAsEver(claims, circumstances);
  const rested = enforced.map((claim) => ({ claim, why: SUNDAY }));
  return { ...rest, deny: [], enforced: [], ignored: [...ignored, ...rested] };
}

/** What the fast way asks of all claims that are alike. */
export function termsOf(...claimant: Parameters<typeof termsAsEver>): ReturnType<typeof termsAsEver> {
  return { ...termsAsEver(...claimant), isRefused: true };
}
