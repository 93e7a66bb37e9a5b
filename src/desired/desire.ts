/**
 * Turns what is enforced into the chains and jumps that should stand, one family at a time. The whole answer to
 * "what should the firewall hold" is here; nothing here knows what it does hold.
 */
import { chainOf, denyChain } from '../netfilter/chain.ts';
import { allowRule, jumpRule, verdictRule, type Verdict } from '../netfilter/rule.ts';
import { compareNets, contains, FULL_PREFIX, type Family, type Net } from '../net/net.ts';
import { multiportChunks, parsePorts, unionPorts, type Ports } from '../net/ports.ts';
import {
  hasPorts,
  parseProtocols,
  PORT_PROTOCOLS,
  PROTOCOLS,
  ruleProtocol,
  type Protocol,
} from '../net/protocol.ts';

export interface Desired {
  readonly family: Family;
  /** By name, in the order of their jumps. */
  readonly chains: ReadonlyMap<string, DesiredChain>;
  /** Stand in this order at the top of each hook. */
  readonly jumps: readonly string[];
}

/** Allows in order, then verdicts in any order, then RETURN. */
export interface DesiredChain {
  readonly allows: readonly string[];
  readonly verdicts: ReadonlySet<string>;
}

/** One enforced claim, or one denied net. */
export interface Wanted {
  readonly ip: Net;
  readonly jail: string;
  readonly ports: string;
  readonly protocols: string;
}

export interface DesireOptions {
  readonly family: Family;
  readonly prefix: string;
  readonly verdict: Verdict;
  readonly deny: readonly Net[];
  readonly allowed: readonly Net[];
}

/** The ruleset of one family. */
export function desire(wanted: Iterable<Wanted>, options: DesireOptions): Desired {
  const drafts = new Map<string, DraftChain>();
  const denied = options.deny.filter(({ family }) => family === options.family);
  if (denied.length > 0) {
    const draft = draftOf(drafts, denyChain(options.prefix));
    for (const ip of denied) draft.nets.set(ip.text, ip);
    widen(draft, { ports: 'all', protocols: 'all' });
  }
  const byJail = new Map<string, DraftChain>();
  for (const want of wanted) {
    if (want.ip.family !== options.family) continue;
    let draft = byJail.get(want.jail);
    if (draft === undefined) {
      draft = draftOf(drafts, chainOf(want.jail, options.prefix));
      byJail.set(want.jail, draft);
    }
    draft.nets.set(want.ip.text, want.ip);
    widen(draft, want);
  }

  const chains = new Map<string, DesiredChain>();
  const jumps: string[] = [];
  for (const [chain, draft] of Array.from(drafts).sort(([a], [b]) => (a < b ? -1 : 1))) {
    chains.set(chain, makeChain(draft, options));
    jumps.push(...jumpsTo(chain, draft, options.family));
  }
  return { family: options.family, chains, jumps };
}

interface DraftChain {
  readonly nets: Map<string, Net>;
  readonly traffic: Map<Protocol, Ports>;
  /** Scopes seen: thousands of claims share a handful. */
  readonly scopes: Set<string>;
}

function draftOf(drafts: Map<string, DraftChain>, chain: string): DraftChain {
  let draft = drafts.get(chain);
  if (draft === undefined) {
    draft = { nets: new Map(), traffic: new Map(), scopes: new Set() };
    drafts.set(chain, draft);
  }
  return draft;
}

function widen(draft: DraftChain, { ports, protocols }: Pick<Wanted, 'ports' | 'protocols'>): void {
  const scope = `${protocols} ${ports}`;
  if (draft.scopes.has(scope)) return;
  draft.scopes.add(scope);
  const parsed = parsePorts(ports, NO_SERVICES);
  const range: Ports = parsed.kind === 'ports' ? parsed.ports : 'all';
  for (const protocol of expand(parseProtocols(protocols) ?? ['tcp'], range)) {
    const own: Ports = hasPorts(protocol) ? range : 'all';
    const known = draft.traffic.get(protocol);
    draft.traffic.set(protocol, known === undefined ? own : unionPorts(known, own));
  }
}

const NO_SERVICES = new Map<string, number>();

/** `all` protocols with certain ports are those that have ports: multiport cannot match `-p all`. */
function expand(protocols: readonly Protocol[], ports: Ports): readonly Protocol[] {
  return protocols.includes('all') && ports !== 'all' ? PORT_PROTOCOLS : protocols;
}

function makeChain(draft: DraftChain, { verdict, allowed }: DesireOptions): DesiredChain {
  const nets = Array.from(draft.nets.values());
  const wide = nets.filter((net) => net.prefix < FULL_PREFIX[net.family]);
  const allows = allowed.filter((each) => wide.some((net) => contains(net, each)));
  const outermost = allows.filter(
    (each) => !allows.some((other) => other.text !== each.text && contains(other, each)),
  );
  return {
    allows: [...new Set([...outermost].sort(compareNets).map(allowRule))],
    verdicts: new Set(nets.map((net) => verdictRule(net, verdict))),
  };
}

/**
 * Every packet passes every jump, and a server may name another port in each ban: beyond this many jumps of a protocol
 * its chain is about all ports. That is 120 ports; fail2ban's own jails have ten at most.
 */
const MAX_JUMPS = 8;

function jumpsTo(chain: string, { traffic }: DraftChain, family: Family): readonly string[] {
  if (traffic.has('all')) return [jumpRule({ chain })];
  return PROTOCOLS.flatMap((each) => {
    const ports = traffic.get(each);
    if (ports === undefined) return [];
    const protocol = ruleProtocol(each, family);
    if (ports === 'all') return [jumpRule({ chain, protocol })];
    const chunks = multiportChunks(ports);
    if (chunks.length > MAX_JUMPS) return [jumpRule({ chain, protocol })];
    return chunks.map((chunk) => jumpRule({ chain, protocol, ports: chunk }));
  });
}
