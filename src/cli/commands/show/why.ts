/** `banspool why ADDRESS`: everything that touches it, and what comes of it. */
import type { FamilyPreview, Preview } from '../../../pass/preview.ts';
import { claimantBehind, claimantWords, liftWords } from '../../../domain/names.ts';
import { findRefused, type RefusedLine } from '../../../fleet/find-refused.ts';
import { isAbout } from '../../../ledger/git/history.ts';
import type { World } from '../../../world/world.ts';
import { contains, type Net } from '../../../domain/net.ts';
import { claimText } from '../../text/explain.ts';
import { allowedByText, whyIgnoredText } from '../../../policy/why-ignored.ts';
import { portsText, timeText, untilText, type Zone } from '../../../domain/words.ts';
import { allClaims } from '../../../claims/state.ts';
import { addressOf } from '../../arguments.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { json, paint, zoneOf, type Io } from '../../io.ts';
import { nextPassText } from '../../next-pass.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { previewWithWarnings } from '../../preview-with-warnings.ts';

export const addWhy: AddCommand = (program, context) => {
  withUtc(
    newCommand(program, 'why <address>', 'show all claims, policy lines and rules that match an address'),
  )
    .option('--json', 'print JSON')
    .action(async (address: string, options: { config: string; json?: boolean; utc?: boolean }) => {
      const { io } = context;
      const ip = addressOf(address);
      const world = await openOwnersWorld(io, options.config);
      const found = await previewWithWarnings(world, io);
      const zone = zoneOf(io, { utc: options.utc === true || options.json === true });
      const answer = findAll(found, ip, { refused: await findRefusedOn(world, found, ip), zone });
      if (options.json === true) json(io, { ip: ip.text, ...answer });
      else {
        const isOurs = world.config.families.includes(ip.family);
        show(io, ip, { ...answer, isOurs, next: nextPassText(world, 'corrects it') });
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

/** What peers claim and lift beyond their limits. */
async function findRefusedOn(world: World, found: Preview, ip: Net): Promise<readonly RefusedLine[]> {
  const { inputs, state, peers } = found;
  const about = { policy: inputs.policy, state, reports: peers.reports, now: world.now() };
  return findRefused(world, about, (net) => isAbout(net, ip));
}

interface More {
  readonly refused: readonly RefusedLine[];
  readonly zone: Zone;
}

function findAll({ judgement, state, families }: Preview, ip: Net, { refused, zone }: More): Answer {
  const touches = (net: Net): boolean => isAbout(net, ip);
  const claims = [
    ...judgement.enforced.map((claim) => ({ claim, note: '' })),
    ...judgement.ignored.map(({ claim, why }) => ({ claim, note: `; not enforced: ${whyIgnoredText(why)}` })),
  ]
    .filter(({ claim }) => touches(claim.ip))
    .map(({ claim, note }) => {
      const scope = portsText(claim.protocols, claim.ports);
      return `${claim.ip.text} in ${claim.jail} (${scope}): ${claimText(claim, zone)}, since ${timeText(claim.since, zone)}${note}`;
    });
  const ended = Array.from(allClaims(state))
    .filter((claim) => claim.bans.length === 0 && claim.unbanned !== undefined && touches(claim.ip))
    .map(({ ip: net, server, jail, unbanned }) => {
      return `${net.text} in ${liftWords(jail)}: ${claimantWords(server)} unbanned it at ${timeText(unbanned ?? 0, zone)}; older bans do not count`;
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
  const rules = families.flatMap((family) =>
    family.kind === 'read' ? family.dataplane.rulesOn(family.observed, touches) : [],
  );
  const unreadable = families.flatMap((family) =>
    family.kind === 'unreadable' ? [`${family.family}: ${family.reason}`] : [],
  );
  return {
    ...verdictOn(families, ip),
    wanted: wantedOf(judgement, ip, families),
    claims: [...claims, ...ended, ...refused.map((line) => refusedLineText(line, zone))],
    policy,
    rules,
    unreadable,
  };
}

function refusedLineText(refused: RefusedLine, zone: Zone): string {
  const { peer, line, limit } = refused;
  const { ip, jail, server, bans, unbanned } = line;
  const claimant = claimantBehind(peer, server);
  const said =
    bans.length > 0
      ? `${claimant} claims it ${untilText(bans.at(-1)?.until ?? 0, zone)}`
      : `${claimantWords(claimant)} unbanned it at ${timeText(unbanned ?? 0, zone)}`;
  return `${ip.text} in ${liftWords(jail)}: ${said}; not accepted: ${limit}, a limit of the peer ${peer} in policy.yaml`;
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

/** By the rules that packets come to, as they are. */
function verdictOn(families: readonly FamilyPreview[], ip: Net): Pick<Answer, 'verdict' | 'traffic'> {
  const family = families.find((each) => each.family === ip.family);
  if (family?.kind !== 'read') return { verdict: 'unknown', traffic: [] };
  const traffic = family.dataplane.droppedTraffic(family.observed, ip);
  return traffic === undefined ? { verdict: 'passes', traffic: [] } : { verdict: 'dropped', traffic };
}

const VERDICTS = {
  dropped: ['red', 'is dropped'],
  passes: ['green', 'is not dropped by banspool'],
  unknown: ['yellow', 'may or may not be dropped: the firewall cannot be read'],
} as const;

/** What it is, and where a pass would make it the other way, who makes one. */
function wordsOf(
  { family }: Net,
  { verdict, wanted, isOurs, next }: Shown,
  on: string,
): readonly ['red' | 'green' | 'yellow', string] {
  if (verdict === 'passes' && wanted === 'dropped')
    return ['yellow', `should be dropped, but is not: ${next}`];
  if (verdict === 'dropped' && wanted === 'passes')
    return ['yellow', `should no longer be dropped, but is${on}: ${next}`];
  if (!isOurs) return ['yellow', `is not managed: the config does not list ${family} in families`];
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
