/**
 * Looks whether somebody who is logged in by ssh is dropped, or will be by the next pass: by the policy, which status
 * tells too, or by a ban, which is no fault of the machine. In: what claims, policy and spool come to; out: a line for
 * each address, or a good one. Where that cannot be known, another finding says why.
 */
import type { Finding } from '../domain/finding.ts';
import { preview } from '../pass/preview.ts';
import { lockouts } from '../policy/lockout.ts';
import { lockoutWords } from '../policy/lockout-words.ts';
import type { World } from '../world/world.ts';

/** Every finding; the firewall is not asked. */
export async function lockoutFindings(world: World): Promise<readonly Finding[]> {
  const sessions = await world.findSessions();
  const found = await preview(world, { firewall: false }).catch(() => undefined);
  if (found === undefined) return [];
  const dropped = lockouts(sessions, { after: found.judgement });
  if (dropped.length === 0)
    return [{ level: 'good', what: 'the policy and the bans do not drop an ssh session' }];
  return dropped.map((lockout): Finding => {
    const { what, fix } = lockoutWords(lockout);
    return { level: lockout.by.line === undefined ? 'warn' : 'bad', what, mend: fix };
  });
}
