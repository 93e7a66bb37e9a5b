/** Rulesets as other programs, people and earlier lives of banspool leave them. */
import fc from 'fast-check';
import type { EnforcedClaim } from '../../src/desired/portion.ts';
import { EVERYBODY, netOf, type Family } from '../../src/domain/net.ts';
import type { Ruleset } from '../../src/firewall/iptables/wanted/ruleset.ts';
import { earlyTable } from '../../src/firewall/iptables/wanted/early.ts';
import { rulesetFor, textsOf } from '../support/rules.ts';

export const PREFIX = 'fail2ban-';

export const HOOKS = ['INPUT', 'FORWARD', 'DOCKER-USER'] as const;

export interface Drift {
  readonly family: Family;
  /** As lines of ipset restore; what looks into these sets comes after. */
  readonly setLines: readonly string[];
  /** As calls of iptables, one a line, on an empty table. */
  readonly lines: readonly string[];
  /** The same of the table raw. */
  readonly rawLines: readonly string[];
  readonly desired: Ruleset;
}

const SAMPLES = {
  ipv4: {
    hosts: ['203.0.113.7', '203.0.113.8', '10.0.0.1', '198.51.100.1'],
    wide: '203.0.113.0/24',
    other: '192.0.2.9/32',
  },
  ipv6: {
    hosts: ['2001:db8::7', '2001:db8::8', '::1.2.3.4', '2001:db8:1::1'],
    wide: '2001:db8::/64',
    other: '2001:db8:9::9/128',
  },
} as const;

/** Any ruleset with any desired one. */
export function anyDrift(family: Family): fc.Arbitrary<Drift> {
  return fc
    .record({
      desired: anyDesired(family),
      policies: fc.subarray(['-P INPUT DROP', '-P FORWARD DROP']),
      foreign: fc.subarray(['DOCKER-USER', 'DOCKER', 'ufw-before-input', 'IN_public', 'f2b-sshd']),
      ours: fc.subarray([...OUR_CHAINS]),
      setLines: anySets(family),
      random: fc.infiniteStream(fc.nat()),
    })
    .map(({ desired, policies, foreign, ours, setLines, random }) => {
      // iptables looks into no set of the other family.
      const word = family === 'ipv4' ? 'inet' : 'inet6';
      const made = new Set(
        setLines.flatMap((line) => {
          const [, name, of] = /^create (\S+) .*family (\S+) /.exec(line) ?? [];
          return name !== undefined && of === word ? [name] : [];
        }),
      );
      const stands = (rule: string): boolean => {
        const set = / --match-set (\S+) /.exec(rule)?.[1];
        return set === undefined || made.has(set);
      };
      const pick = <T>(list: readonly T[]): T => list[(random.next().value ?? 0) % list.length] as T;
      const some = <T>(list: readonly T[], most: number): T[] =>
        list.length === 0 ? [] : Array.from({ length: pick(NUMBERS) % (most + 1) }, () => pick(list));
      const counted = (chain: string, rule: string): string => {
        const packets = pick([0, 1, 77]);
        return `-A ${chain} -c ${packets} ${packets * 60} ${rule}`;
      };
      const jumps = [...textsOf(desired.jumps), ...ours.flatMap(strayJumps)].filter((jump) =>
        ours.some((chain) => jump.endsWith(` ${chain}`)),
      );
      const content = (chain: string): string[] => {
        if (chain.startsWith(PREFIX)) {
          const want = desired.chains.get(chain);
          const good =
            want === undefined
              ? []
              : [...textsOf([...want.allows, ...want.verdicts.values()]), '-j RETURN'].filter(stands);
          const later = ours.filter((each) => each > chain).map((each) => `-j ${each}`);
          return pick([
            good,
            some([...good, ...good, ...strayRules(family).filter(stands), ...later], 8),
            [...some(good, 3), ...good],
          ]);
        }
        const rules = [
          ...foreignRules(family).filter(stands),
          ...foreign.filter((each) => each > chain).map((each) => `-j ${each}`),
        ];
        const mixed = some([...rules, ...jumps, ...jumps], 8);
        return jumps.length === 0 ? some(rules, 5) : pick([mixed, [...some(jumps, 3), ...some(rules, 3)]]);
      };
      // iptables knows no input device of what the machine itself sends.
      const fits = (chain: string, rule: string): boolean => chain !== 'OUTPUT' || !rule.includes('-i ');
      const chains = [...foreign, ...ours];
      const early = earlyTable(desired);
      const rawRules = [
        ...Array.from(early.chains.values()).flatMap(({ allows, verdicts }) =>
          textsOf([...allows, ...verdicts.values()]),
        ),
        ...strayRules(family),
      ].filter(stands);
      const isStray = pick([true, false]);
      const rawJumps = isStray ? [...strayJumps(EARLY), ...textsOf(early.jumps)] : [];
      return {
        family,
        desired,
        setLines,
        rawLines: [
          ...(isStray ? [`-N ${EARLY}`, ...some(rawRules, 6).map((rule) => counted(EARLY, rule))] : []),
          ...some([...rawForeign(family).filter(stands), ...rawJumps], 6).map((rule) =>
            counted('PREROUTING', rule),
          ),
        ],
        lines: [
          ...policies,
          ...chains.map((chain) => `-N ${chain}`),
          ...['INPUT', 'FORWARD', 'OUTPUT', ...chains].flatMap((chain) =>
            content(chain)
              .filter((rule) => fits(chain, rule))
              .map((rule) => counted(chain, rule)),
          ),
        ],
      };
    });
}

/** Of few addresses and jails, so that much of it stands already. */
function anyDesired(family: Family): fc.Arbitrary<Ruleset> {
  const { hosts, wide } = SAMPLES[family];
  const wanted: fc.Arbitrary<EnforcedClaim> = fc.record({
    ip: fc.constantFrom(...hosts, wide, EVERYBODY[family]).map(netOf),
    jail: fc.constantFrom('sshd', 'web', 'a-jail-with-a-very-long-name'),
    ports: fc.constantFrom('22', '80,443', 'all', '1:10,20,30,40,50,60,70,80,90,100,110,120,130,140,150,160'),
    protocols: fc.constantFrom('tcp', 'tcp,udp', 'icmp', 'all'),
  });
  return fc
    .record({
      wanted: fc.array(wanted, { maxLength: 8 }),
      deny: fc.subarray([wide, hosts[3]].map(netOf)),
      allowed: fc.subarray([hosts[0], hosts[1]].map(netOf)),
      verdict: fc.constantFrom('DROP', 'REJECT'),
      backend: fc.constantFrom('rules', 'ipset'),
      early: fc.boolean(),
    })
    .map(({ wanted: all, ...rest }) => rulesetFor(all, { family, prefix: PREFIX, ...rest }));
}

const EARLY = 'fail2ban-.early';

const NUMBERS = Array.from({ length: 100 }, (_, index) => index);

/** Some are wanted at times, some never. */
const OUR_CHAINS = [
  'fail2ban-.deny',
  'fail2ban-old',
  'fail2ban-sshd',
  'fail2ban-ssh',
  'fail2ban-web',
] as const;

/** Somebody else's, with members that we must not touch. */
export const FOREIGN_SET = 'blocklist';

const OUR_SETS = ['fail2ban-sshd', 'fail2ban-web', 'fail2ban-old', 'fail2ban-.deny'] as const;

/** Sets as they may stand: ours with any content, made in any way, drafts that a crash left, and a foreign one. */
function anySets(family: Family): fc.Arbitrary<readonly string[]> {
  const { hosts, wide, other } = SAMPLES[family];
  const word = family === 'ipv4' ? 'inet' : 'inet6';
  const members = [...hosts, wide, other.replace(/\/.*/, '')];
  const make = (options: string, timed: boolean): fc.Arbitrary<(name: string) => readonly string[]> =>
    fc
      .subarray([...members])
      .map((some) => (name: string) => [
        `create ${name} ${options}`,
        ...some.map(
          (each, index) =>
            `add ${name} ${each}${timed ? ` timeout ${index % 3 === 0 ? 0 : 900}` : ''}${
              options.endsWith('counters') ? ` packets ${index} bytes ${index * 60}` : ''
            }`,
        ),
      ]);
  const uncounted = `hash:net family ${word} hashsize 1024 maxelem 65536 timeout 0`;
  const ways = fc.oneof(
    { weight: 4, arbitrary: make(`${uncounted} counters`, true) },
    make(uncounted, true),
    make(`hash:net family ${word} hashsize 1024 maxelem 7 timeout 0 counters`, true),
    make(`hash:net family ${word} hashsize 1024 maxelem 65536`, false),
    make(
      `hash:net family ${word === 'inet' ? 'inet6' : 'inet'} hashsize 1024 maxelem 65536 timeout 0`,
      true,
    ).map((lines) => (name: string) => lines(name).slice(0, 1)),
    fc.constant((name: string) => [`create ${name} hash:ip family ${word} hashsize 1024 maxelem 65536`]),
  );
  const ending = family === 'ipv4' ? '' : ':6';
  const draft = family === 'ipv4' ? ':t' : ':6t';
  const names = fc.subarray([
    ...OUR_SETS.map((name) => `${name}${ending}`),
    `fail2ban-sshd${draft}`,
    `fail2ban-gone${draft}`,
  ]);
  return fc
    .tuple(names, fc.array(ways, { minLength: 6, maxLength: 6 }))
    .map(([chosen, made]) => [
      ...chosen.flatMap((name, index) => made[index]?.(name) ?? []),
      `create ${FOREIGN_SET} hash:net family ${word} hashsize 1024 maxelem 65536`,
      `add ${FOREIGN_SET} ${hosts[0]}`,
    ]);
}

/** As people and programs write them ahead of connection tracking. */
function rawForeign(family: Family): readonly string[] {
  const { other } = SAMPLES[family];
  const ending = family === 'ipv4' ? '' : ':6';
  return [
    `-s ${other} -j DROP`,
    '-i lo -j ACCEPT',
    '-p udp -m udp --dport 53 -j CT --notrack',
    `-m set --match-set fail2ban-web${ending} src -j DROP`,
    `-m set --match-set ${FOREIGN_SET} src -j DROP`,
  ];
}

function strayJumps(chain: string): readonly string[] {
  return [
    `-j ${chain}`,
    `-g ${chain}`,
    `-p tcp -m tcp --dport 22 -j ${chain}`,
    `-p tcp -m multiport --dports 22 -j ${chain}`,
    `-p udp -j ${chain}`,
    `-i eth0 -j ${chain}`,
    `-m comment --comment "by \\"hand\\"" -j ${chain}`,
    `-m comment --comment "by hand" -j ${chain}`,
    `-m comment --comment -j -j ${chain}`,
  ];
}

function strayRules(family: Family): readonly string[] {
  const { hosts, other } = SAMPLES[family];
  const ending = family === 'ipv4' ? '' : ':6';
  return [
    `-m set --match-set ${FOREIGN_SET} src -j DROP`,
    `-m set --match-set fail2ban-web${ending} src -j DROP`,
    `-m set --match-set fail2ban-old${ending} src -j RETURN`,
    `-m set ! --match-set fail2ban-sshd${ending} src -j DROP`,
    `-s ${other} -j DROP`,
    `-s ${other} -m comment --comment "it's \\"odd\\" -j RETURN" -j DROP`,
    `-s ${other} -m comment --comment back\\\\slash -j DROP`,
    `-s ${hosts[0]} -p tcp -j DROP`,
    `-s ${hosts[0]} -m comment --comment "" -j DROP`,
    '-i eth0 -j ACCEPT',
    '-j RETURN',
    '-j DROP',
    '-m comment --comment "no target"',
  ];
}

/** Such as docker, ufw, firewalld, Kubernetes and people write. */
function foreignRules(family: Family): readonly string[] {
  const { other } = SAMPLES[family];
  return [
    `-m set --match-set ${FOREIGN_SET} src -j ACCEPT`,
    '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-i lo -j ACCEPT',
    `-s ${other} -j DROP`,
    '-p tcp -m tcp --dport 22 -m comment --comment "ssh, \\"office\\"; -j fail2ban-sshd" -j ACCEPT',
    '-m comment --comment "cali:it\'s" -j ACCEPT',
    '-m comment --comment "-A INPUT -j fail2ban-web"',
    '-m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "',
    '-j LOG --log-prefix "-j fail2ban-sshd "',
    '! -i docker0 -p tcp -j ACCEPT',
    '-p udp -m multiport --dports 5353,1900 -j DROP',
    '-m mark --mark 0x4000/0x4000 -j ACCEPT',
    '-j RETURN',
    '-j DROP',
  ];
}
