/** What was put back after somebody else had changed it, in lines for the log and for git. */
import { changeWords } from '../report/change-words.ts';
import { countText } from '../report/words.ts';
import type { FamilyChanges } from './pass.ts';

/** Lines of one pass: whoever flushes a thousand rules is not to fill the journal. */
const MAX_LINES = 20;

/** `repaired: ipv4: + chain fail2ban-sshd with 2 rules, after iptables (pid 4711)`. */
export function repairLines(drift: readonly FamilyChanges[], culprits: readonly string[]): readonly string[] {
  const after = culprits.length === 0 ? '' : `, after ${culprits.slice(0, 3).join(', ')}`;
  const lines = drift.flatMap(({ family, changes }) =>
    changes.map((change) => `repaired: ${family}: ${changeWords(change)}${after}`),
  );
  const more = lines.length - MAX_LINES;
  if (more <= 0) return lines;
  return [...lines.slice(0, MAX_LINES), `and ${countText(more, 'more line')} of that kind`];
}
