/**
 * Takes over what the article's scripts, or an earlier life of banspool, left on the firewall: bans without a record
 * of who made them.
 */
import type { BanIntent } from '../intent/intent.ts';
import { JAIL_NAME } from '../names/names.ts';
import { isOurs } from '../netfilter/chain.ts';
import { setInRule } from '../netfilter/rule.ts';
import { setOf } from '../netfilter/set.ts';
import { parseNet, type Net } from '../net/net.ts';
import { formatPorts, parsePorts, unionPorts, type Ports } from '../net/ports.ts';
import { parseProtocols } from '../net/protocol.ts';
import type { Observed, OurRule } from './observe.ts';

/**
 * An unban may never come for them: the server that banned may have forgotten while its fail2ban was moved over. The
 * longest ban in fail2ban's own configuration is recidive's, a week.
 */
export const ADOPTED_MS = 7 * 24 * 3600 * 1000;

/** The bans that stand in our chains. */
export function adopt(
  observed: Observed,
  { prefix, now }: { prefix: string; now: number },
): readonly BanIntent[] {
  const intents: BanIntent[] = [];
  for (const [chain, rules] of observed.chains) {
    const jail = chain.slice(prefix.length).replace('~', '.');
    if (!isOurs(chain, prefix) || !JAIL_NAME.test(jail)) continue;
    const scope = scopeOf(chain, observed);
    const adopted = (ip: Net, until: number): BanIntent => {
      const reason = 'stood on the firewall';
      return { intent: 'ban', jail, ip, time: now, until, reason, ...scope };
    };
    for (const rule of rules) {
      const source = rule.kind === 'ours' ? /^-s (\S+) -j (?:DROP|REJECT)\b/.exec(rule.text)?.[1] : undefined;
      const ip = source === undefined ? undefined : parseNet(source);
      if (ip === undefined) continue;
      intents.push(adopted(ip, now + ADOPTED_MS));
    }
    for (const { ip, left } of membersOf(chain, observed)) {
      const end = left === 0 ? Infinity : left * 1000;
      intents.push(adopted(ip, now + Math.min(end, ADOPTED_MS)));
    }
  }
  return intents;
}

interface AdoptedMember {
  readonly ip: Net;
  /** Seconds; 0 is without an end. */
  readonly left: number;
}

function membersOf(chain: string, { family, sets, chains }: Observed): readonly AdoptedMember[] {
  const names = (chains.get(chain) ?? []).flatMap((rule) =>
    rule.kind === 'ours' ? (setInRule(rule.text) ?? []) : [],
  );
  return [...new Set([setOf(chain, family), ...names])].flatMap((name) => {
    const content = sets.get(name)?.content;
    if (content?.kind !== 'listed') return [];
    return content.lines.split('\n').flatMap((line) => {
      const [text = '', , left = '0'] = line.split(' ');
      const ip = parseNet(text);
      return ip === undefined ? [] : [{ ip, left: Number(left) }];
    });
  });
}

/** What the jumps to the chain let into it, taken together; of several protocols the ports are united. */
function scopeOf(chain: string, observed: Observed): { ports: string; protocols: string } {
  const jumps = Array.from(observed.chains.values())
    .flat()
    .filter((rule): rule is OurRule => rule.kind === 'ours' && rule.jumpsTo === chain);
  let ports: Ports | undefined;
  const protocols = new Set<string>();
  for (const { text } of jumps) {
    const match = /^(?:-p (\S+) )?(?:-m multiport --dports (\S+) )?-j /.exec(text);
    const parsed = parsePorts(match?.[2] ?? 'all', new Map());
    const these = parsed.kind === 'ports' ? parsed.ports : 'all';
    ports = ports === undefined ? these : unionPorts(ports, these);
    protocols.add(PRINTED.get(match?.[1] ?? '') ?? match?.[1] ?? 'all');
  }
  const known = parseProtocols([...protocols].join(','));
  return { ports: formatPorts(ports ?? 'all'), protocols: known?.join(',') ?? 'tcp' };
}

const PRINTED = new Map([
  ['33', 'dccp'],
  ['ipv6-icmp', 'icmp'],
]);
