/** What somebody else did to our rules, in one line: who first, then what, whatever number of rules it was. */
import type { Change } from './change.ts';
import { changeWords } from './change-words.ts';
import { countText } from '../domain/words.ts';

export interface Drift {
  readonly family: 'ipv4' | 'ipv6';
  /** What put back what was there. */
  readonly changes: readonly Change[];
  /** Chains of ours that stood without a rule. */
  readonly emptied: ReadonlySet<string>;
  /** `iptables (pid 4711)`; none where nobody tells. */
  readonly culprits: readonly string[];
  /** From the news to the repair, in milliseconds; undefined where there was no news. */
  readonly took: number | undefined;
}

/** Beyond them a count tells. */
const MAX_PARTS = 4;
const MAX_CULPRITS = 3;

/** `drift: iptables (pid 11227) emptied fail2ban-sshd (114 rules); back in 33 ms`. */
export function driftText({ family, changes, emptied, culprits, took }: Drift): string {
  const who = culprits.length === 0 ? 'another program' : culprits.slice(0, MAX_CULPRITS).join(', ');
  const parts = partsOf(changes, emptied);
  const shown = parts.length > MAX_PARTS ? parts.slice(0, MAX_PARTS - 1) : parts;
  const more = parts.length - shown.length;
  const all = more > 0 ? [...shown, countText(more, 'more change')] : shown;
  const what = all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}` : (all[0] ?? '');
  const back = took === undefined ? 'put back' : `back in ${Math.max(1, Math.round(took))} ms`;
  return `drift: ${who} ${what}${family === 'ipv6' ? ' (ipv6)' : ''}; ${back}`;
}

function partsOf(changes: readonly Change[], emptied: ReadonlySet<string>): readonly string[] {
  const parts: string[] = [];
  const taken = new Map<string, string[]>();
  const put = new Map<string, string[]>();
  const note = (map: Map<string, string[]>, chain: string, rules: readonly string[]): void => {
    if (rules.length > 0) map.set(chain, [...(map.get(chain) ?? []), ...rules]);
  };
  for (const change of changes) {
    switch (change.kind) {
      case 'create':
        parts.push(`deleted ${change.chain} (${countText(change.rules.length, 'rule')})`);
        break;
      case 'rewrite':
        note(
          taken,
          change.chain,
          change.difference.added.map(({ text }) => text),
        );
        note(put, change.chain, change.difference.removed);
        break;
      case 'insert':
        note(taken, change.chain, [change.rule.text]);
        break;
      case 'delete':
      case 'delete-handle':
        note(put, change.chain, [change.printed]);
        break;
      case 'remove':
        parts.push(`made ${change.chain}`);
        break;
      case 'make-set':
        parts.push(`destroyed set ${change.set.name} (${countText(change.set.members.length, 'member')})`);
        break;
      case 'destroy-set':
        parts.push(`made set ${change.set}`);
        break;
      case 'change-set':
        parts.push(`changed set ${change.set} (${changeWords(change).replace(/^.*?: /, '')})`);
        break;
    }
  }
  for (const [chain, rules] of taken)
    parts.push(
      emptied.has(chain)
        ? `emptied ${chain} (${countText(rules.length, 'rule')})`
        : `took ${rulesText(rules)} out of ${chain}`,
    );
  for (const [chain, rules] of put) parts.push(`put ${rulesText(rules)} into ${chain}`);
  return parts;
}

function rulesText(rules: readonly string[]): string {
  return rules.length === 1 ? `"${rules[0] ?? ''}"` : countText(rules.length, 'rule');
}
