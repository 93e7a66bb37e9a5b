/** `banspool why ADDRESS`: everything that touches it, and what comes of it. */
import type { FamilyPreview, Preview } from '../../pass/preview.ts';
import type { World } from '../../world/world.ts';
import { liftWords } from '../../domain/names.ts';
import { parseNet, contains, EVERYBODY, netOf, type Net } from '../../domain/net.ts';
import { listedMembers } from '../../firewall/iptables/rules/member-lines.ts';
import { isVerdict } from '../../firewall/iptables/rules/rule.ts';
import { setLookedInto } from '../../firewall/iptables/rules/strange-rule.ts';
import type { Observed, OurRule } from '../../firewall/iptables/observed/observe.ts';
import type { ObservedSet } from '../../firewall/iptables/observed/observe-sets.ts';
import { trafficInto } from '../../firewall/dropped-traffic.ts';
import { claimText } from '../text/explain.ts';
import { allowedByText, whyIgnoredText } from '../../policy/why-ignored.ts';
import { numberText, timeText } from '../../domain/words.ts';
import { allClaims } from '../../claims/state.ts';
import { addressOf } from '../arguments.ts';
import { newCommand, type AddCommand } from '../command.ts';
import { json, paint, type Io } from '../io.ts';
import { nextPassText } from '../next-pass.ts';
import { openOwnersWorld } from '../open-world.ts';
import { previewWithWarnings } from '../preview-with-warnings.ts';

export const addWhy: AddCommand = (program, context) => {
  newCommand(program, 'why <address>', 'show every claim, policy line and rule that touches an address')
    .option('--json', 'answer in JSON')
    .action(async (address: string, options: { config: string; json?: boolean }) => {
      const { io } = context;
      const ip = addressOf(address);
      const world = await openOwnersWorld(io, options.config);
      const found = await previewWithWarnings(world, io);
      const answer = findAll(found, ip, world);
      if (options.json === true) json(io, { ip: ip.text, ...answer });
      else {
        const isOurs = world.config.families.includes(ip.family);
        show(io, ip, { ...answer, isOurs, next: nextPassText(world, 'makes it so') });
      }
    });
};

interface Answer {
  readonly verdict: 'dropped' | 'passes' | 'unknown';
  /** What of its packets is dropped. */
  readonly traffic: readonly string[];
  /** What a pass would make of it. */
  readonly wanted: 'dropped' | 'passes';
  readonly claims: readonly string[];
  readonly policy: readonly string[];
  readonly rules: readonly string[];
  readonly unreadable: readonly string[];
}

interface Shown extends Answer {
  /** Whether the config names its family. */
  readonly isOurs: boolean;
  readonly next: string;
}

function findAll({ judgement, state, families }: Preview, ip: Net, world: World): Answer {
  const touches = (net: Net): boolean => contains(net, ip) || contains(ip, net);
  const claims = [
    ...judgement.enforced.map((claim) => ({ claim, note: '' })),
    ...judgement.ignored.map(({ claim, why }) => ({ claim, note: `; not enforced: ${whyIgnoredText(why)}` })),
  ]
    .filter(({ claim }) => touches(claim.ip))
    .map(({ claim, note }) => {
      const scope = `${claim.protocols} ports ${claim.ports}`;
      return `${claim.ip.text} in ${claim.jail} (${scope}): ${claimText(claim)}, since ${timeText(claim.since)}${note}`;
    });
  const ended = Array.from(allClaims(state))
    .filter((claim) => claim.bans.length === 0 && claim.unbanned !== undefined && touches(claim.ip))
    .map(({ ip: net, server, jail, unbanned }) => {
      return `${net.text} in ${liftWords(jail)}: ${server} unbanned it at ${timeText(unbanned ?? 0)}; older bans do not count`;
    });
  const policy = [
    ...judgement.allowed
      .filter(({ net }) => touches(net))
      .map(({ net, by }) => `${net.text} is never dropped: ${allowedByText(by)}`),
    ...judgement.deny
      .filter(({ net }) => touches(net))
      .map(
        ({ net, line, note }) =>
          `${net.text} is always dropped: policy.yaml line ${line}${note === undefined ? '' : ` (${note})`}`,
      ),
  ];
  const rules = families.flatMap((family) => rulesOn(family, touches));
  const unreadable = families.flatMap((family) =>
    family.kind === 'unreadable' ? [`${family.family}: ${family.reason}`] : [],
  );
  return {
    ...verdictOn(families, ip, world.config.hooks),
    wanted: wantedOf(judgement, ip, families),
    claims: [...claims, ...ended],
    policy,
    rules,
    unreadable,
  };
}

function rulesOn(family: FamilyPreview, touches: (net: Net) => boolean): readonly string[] {
  if (family.kind === 'unreadable') return [];
  const { observed } = family;
  const { chains, sets } = observed;
  const rules = Array.from(chains).flatMap(([chain, all]) =>
    all.flatMap((rule) => {
      if (rule.kind === 'foreign' || !sourcesOf(rule, observed).some(touches)) return [];
      return [`-A ${chain} ${rule.rule?.text ?? rule.printed}  (${numberText(rule.packets)} packets)`];
    }),
  );
  const members = Array.from(sets.values()).flatMap((set) =>
    membersOf(set)
      .filter(touches)
      .map(({ text }) => `${text} in the set ${set.name}`),
  );
  return [...rules, ...members];
}

/** By what is enforced: an allowed net goes before. */
function wantedOf(
  { enforced, deny, allowed }: Preview['judgement'],
  ip: Net,
  families: readonly FamilyPreview[],
): Answer['wanted'] {
  const isEnforced = families.some(({ family }) => family === ip.family);
  const isClaimed =
    enforced.some((claim) => contains(claim.ip, ip)) || deny.some(({ net }) => contains(net, ip));
  const isAllowed = allowed.some(({ net }) => contains(net, ip));
  return isEnforced && isClaimed && !isAllowed ? 'dropped' : 'passes';
}

/** By the chains that packets come to, as they are: the first rule that matches decides. */
function verdictOn(
  families: readonly FamilyPreview[],
  ip: Net,
  hooks: readonly string[],
): Pick<Answer, 'verdict' | 'traffic'> {
  const family = families.find((each) => each.family === ip.family);
  if (family?.kind !== 'read') return { verdict: 'unknown', traffic: [] };
  const { observed } = family;
  // A hook that does not exist is no way in.
  const entries = hooks.flatMap((hook) => {
    const rules = observed.chains.get(hook);
    return rules === undefined ? [] : [rules];
  });
  const dropping = new Set<string>();
  for (const [chain, rules] of observed.chains) {
    const first = rules.find(
      (rule) => rule.kind === 'ours' && sourcesOf(rule, observed).some((source) => contains(source, ip)),
    );
    if (first?.kind !== 'ours' || (first.rule?.to ?? first.strange?.target) === 'RETURN') continue;
    const isEntered = entries.every((hook) =>
      hook.some((rule) => rule.kind === 'ours' && rule.jumpsTo === chain),
    );
    if (isEntered) dropping.add(chain);
  }
  const traffic = trafficInto(dropping, entries);
  return { verdict: dropping.size > 0 ? 'dropped' : 'passes', traffic };
}

/** What a rule of ours is about: one address or network, what a set holds, or everybody. */
function sourcesOf(own: OurRule, { family, sets }: Observed): readonly Net[] {
  const set = sets.get(setLookedInto(own) ?? '');
  if (set !== undefined) return membersOf(set);
  const { rule, strange } = own;
  // No rule names everybody.
  if (rule?.match === 'all' && isVerdict(rule)) return [netOf(EVERYBODY[family])];
  const source = rule?.match === 'source' ? rule.source : strange?.source;
  return [parseNet(source ?? '') ?? []].flat();
}

function membersOf({ content }: ObservedSet): readonly Net[] {
  if (content.kind !== 'listed') return [];
  return listedMembers(content.lines).map(({ ip }) => ip);
}

const VERDICTS = {
  dropped: ['red', 'is dropped'],
  passes: ['green', 'is not dropped by banspool'],
  unknown: ['yellow', 'cannot be told: the firewall cannot be read'],
} as const;

/** What it is, and where a pass would make it the other way, who makes one. */
function wordsOf(
  { family }: Net,
  { verdict, wanted, isOurs, next }: Shown,
  on: string,
): readonly ['red' | 'green' | 'yellow', string] {
  if (verdict === 'passes' && wanted === 'dropped')
    return ['yellow', `should be dropped, and is not: ${next}`];
  if (verdict === 'dropped' && wanted === 'passes')
    return ['yellow', `should not be dropped any more, and is${on}: ${next}`];
  if (!isOurs) return ['yellow', `is left alone: families in the config does not name ${family}`];
  const [style, words] = VERDICTS[verdict];
  return [style, `${words}${on}`];
}

function show(io: Io, ip: Net, answer: Shown): void {
  const { traffic, claims, policy, rules, unreadable } = answer;
  const on = traffic.length > 0 ? ` on ${traffic.join(' and ')}` : '';
  const [style, words] = wordsOf(ip, answer, on);
  io.out(`${ip.text} ${paint(io, style, words)}\n`);
  for (const [title, lines] of [
    ['claims', claims],
    ['policy', policy],
    ['rules', rules],
    ['not read', unreadable],
  ] as const) {
    if (lines.length === 0) continue;
    io.out(`${paint(io, 'bold', title)}\n${lines.map((line) => `  ${line}\n`).join('')}`);
  }
}
