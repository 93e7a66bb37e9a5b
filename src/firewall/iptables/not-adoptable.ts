/** Names the rules in our chains that are no bans, and how a person takes each of them out. */
import type { Family } from '../../domain/net.ts';
import type { OtherRule } from './observed/adopt.ts';
import { BanspoolError } from '../../system/error.ts';

/** Rules that one message names. */
const MAX_NAMED = 50;

/**
 * Taken out, they would let through what they drop, or the other way round: nobody but a person knows what they are
 * for.
 */
export function notAdoptable(family: Family, others: readonly OtherRule[]): BanspoolError {
  const named = others.slice(0, MAX_NAMED);
  const more = others.length > named.length ? ` (and ${others.length - named.length} more)` : '';
  const chains = [...new Set(named.map(({ chain }) => chain))];
  const held = chains.map((chain) => heldIn(chain, named)).join('; ');
  const iptables = family === 'ipv4' ? 'iptables' : 'ip6tables';
  const commands = inOrder(named).map((other) => `${iptables} -D ${other.chain} ${findable(other)}`);
  const [it, is] = others.length === 1 ? ['it', 'it is'] : ['them', 'they are'];
  return new BanspoolError(
    'command-failed',
    `${held}${more}; ${family} stays unchanged until ${is} removed`,
    {
      // Commands stand last, so that they can be copied into a shell.
      hint: `move ${it} to another chain, or allowed networks to allow in policy.yaml, then remove ${it}: ${commands.join('; ')}`,
    },
  );
}

function heldIn(chain: string, others: readonly OtherRule[]): string {
  const rules = others.filter((other) => other.chain === chain).map(({ rule }) => `"${rule}"`);
  const what =
    rules.length === 1
      ? 'a rule that is not a plain ban of an address'
      : `${rules.length} rules that are not plain bans of an address`;
  return `${chain} has ${what} and cannot be adopted: ${rules.join(', ')}`;
}

/** iptables finds a rule with `-m recent` by no text, and in a shell no text of somebody else's is safe. */
function isFoundByText({ rule }: OtherRule): boolean {
  return !/-m recent |["'`$\\;&|<>()*?#~]/.test(rule);
}

function findable(other: OtherRule): string {
  return isFoundByText(other) ? other.rule : String(other.at);
}

/** Places from the last to the first, and before any text: each delete moves those behind it. */
function inOrder(others: readonly OtherRule[]): readonly OtherRule[] {
  const placed = others.filter((other) => !isFoundByText(other)).sort((one, two) => two.at - one.at);
  return [...placed, ...others.filter(isFoundByText)];
}
