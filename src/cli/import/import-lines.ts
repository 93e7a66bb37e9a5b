/** What an import says: sentences without a full stop. What the list itself wrote is shown cut and printable. Pure. */
import { printable } from '../../domain/printable.ts';
import { countText, numberText } from '../../domain/words.ts';
import type { Spared } from '../../lists/judge/net-judge.ts';
import type { UnreadLines } from '../../lists/unread.ts';
import type { PlannedImport } from './plan-import.ts';
import type { Banned } from './read-banned.ts';

/** What was read: `bans.csv has 1,203 lines of the format crowdsec: 1,180 addresses and networks`. */
export function readLine(file: string, { reading, bans }: Banned): string {
  const name = file === '-' ? 'standard input' : printable(file);
  const nets = countText(bans.size, 'address or network', 'addresses and networks');
  return `${name} has ${countText(reading.lines, 'line')} of the format ${reading.format ?? 'none'}: ${nets} to ban`;
}

/** What is not taken over, and why; nothing where all of it is. */
export function leftOutLines({ spared, over, wide }: Banned): readonly string[] {
  const { own, private: special, allowed, tooWide } = spared;
  const tooWideHere = {
    count: tooWide.count + wide.count,
    examples: [...tooWide.examples, ...wide.examples],
  };
  return [
    ...sparedLine(allowed, 'allowed by policy.yaml'),
    ...sparedLine(own, 'of this firewall, or loopback'),
    ...sparedLine(special, 'private or reserved'),
    ...sparedLine(tooWideHere, 'wider than an operator may ban'),
    ...(over === 0 ? [] : [`not imported: ${countText(over, 'ban')} that ended before now`]),
  ];
}

type SparedEntries = Spared['own'];

function sparedLine({ count, examples }: SparedEntries, what: string): readonly string[] {
  if (count === 0) return [];
  const shown = examples.slice(0, MOST_EXAMPLES);
  const more = count > shown.length ? ', …' : '';
  return [`not imported: ${numberText(count)} ${what} (${shown.join(', ')}${more})`];
}

const MOST_EXAMPLES = 3;

/** `2 lines are not understood: line 7 "foo", line 9 "bar"`; nothing where all are. */
export function unreadLines({ count, examples }: UnreadLines): readonly string[] {
  if (count === 0) return [];
  const shown = examples.map(({ line, text }) => `line ${line} ${JSON.stringify(text)}`);
  const more = count > shown.length ? ', …' : '';
  const verb = count === 1 ? 'is' : 'are';
  return [`${countText(count, 'line')} ${verb} not understood: ${shown.join(', ')}${more}`];
}

/** What is to be said and what need not be: `1,100 are new in the jail imported, 30 are there already`. */
export function plannedLine({ count, known }: PlannedImport, jail: string): string {
  const there = known === 0 ? '' : `, ${numberText(known)} ${known === 1 ? 'is' : 'are'} there already`;
  return `${numberText(count)} ${count === 1 ? 'is' : 'are'} new in the jail ${jail}${there}`;
}
