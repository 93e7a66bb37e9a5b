/** Keeps an operator from banning himself: before anything is written. */
import type { Preview } from '../controller/preview.ts';
import type { World } from '../controller/world.ts';
import type { BanIntent } from '../intent/intent.ts';
import { OPERATOR } from '../names/names.ts';
import { judge } from '../policy/judge.ts';
import { lockouts } from '../report/lockout.ts';
import { fold } from '../state/fold.ts';
import { liveClaims } from '../state/live.ts';
import { BanspoolError } from '../system/error.ts';

/** Throws when the ban would drop packets from where somebody is logged in. */
export async function refuseLockout(
  world: World,
  intent: BanIntent,
  { state, inputs, judgement: before }: Preview,
): Promise<void> {
  const now = world.now();
  const banned = fold(state, [{ server: OPERATOR, intent }], now);
  const after = judge(liveClaims(banned, now), { ...inputs, now });
  const [first] = lockouts(await world.findSessions(), { before, after });
  if (first === undefined) return;
  throw new BanspoolError('refused', `a ban of ${intent.ip.text} drops ${first.text}`, {
    hint: '--force bans all the same; what is below allow in policy.yaml is never dropped',
  });
}
