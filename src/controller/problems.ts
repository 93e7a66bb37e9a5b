/** What a pass found wrong, as conditions that are not true. */
import type { Family } from '../net/net.ts';
import { countText } from '../report/words.ts';
import type { Enforced } from './enforce.ts';
import type { Problem } from './pass.ts';
import type { Intake } from './take-in.ts';

/** Of one family's table. */
export function familyProblems(
  family: Family,
  { remaining, missingHooks, noise }: Enforced,
): readonly Problem[] {
  const problems: Problem[] = missingHooks.map((hook) => ({
    condition: 'HooksPresent',
    reason: 'HookMissing',
    message: `${family}: there is no chain ${hook}; its jumps are made as soon as there is`,
  }));
  if (remaining.length > 0) {
    const [first] = remaining;
    const message = `${family}: after all tries ${countText(remaining.length, 'change')} remain, first: ${first?.kind ?? ''} in ${first?.chain ?? ''}; another program may be changing the same rules`;
    problems.push({ condition: 'Converged', reason: 'Contended', message });
  }
  if (noise.length > 0) {
    const message = `${family}: iptables -S printed what is no rule, and it was passed over: "${noise[0] ?? ''}"`;
    problems.push({ condition: 'FirewallReadable', reason: 'Noise', message });
  }
  return problems;
}

/** Of the spool. */
export function spoolProblems({ forbidden, strangers }: Intake): readonly Problem[] {
  const problems: Problem[] = [];
  if (forbidden.length > 0) {
    const message = `${countText(forbidden.length, 'file')} cannot be read, first ${forbidden[0] ?? ''}; senders must leave them readable for banspool`;
    problems.push({ condition: 'SpoolReadable', reason: 'Forbidden', message });
  }
  if (strangers.length > 0) {
    const message = `the spool holds folders that cannot be a server's: ${strangers.slice(0, 5).join(', ')}; a server's name is of a-z 0-9 . -`;
    problems.push({ condition: 'SpoolReadable', reason: 'NotAServer', message });
  }
  return problems;
}
