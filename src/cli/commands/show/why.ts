/** `banspool why ADDRESS`: everything that touches it, and what comes of it. */
import type { Preview } from '../../../pass/preview.ts';
import { findRefused, type RefusedLine } from '../../../fleet/find-refused.ts';
import { isAbout } from '../../../ledger/git/history.ts';
import type { World } from '../../../world/world.ts';
import { NOTHING_ENFORCED } from '../../../config/mode.ts';
import { contains, type Net } from '../../../domain/net.ts';
import { numberText, type Zone } from '../../../domain/words.ts';
import { addressOf } from '../../arguments.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { json, paint, zoneOf, type Io } from '../../io.ts';
import { nextPassText } from '../../next-pass.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { previewWithWarnings } from '../../preview-with-warnings.ts';
import { whyAnswer, type WhyAnswer } from '../../why/why-answer.ts';
import { whyFields } from '../../why/why-fields.ts';
import { whyLines } from '../../why/why-lines.ts';

export const addWhy: AddCommand = (program, context) => {
  withUtc(
    newCommand(
      program,
      'why <address>',
      'show all claims, policy lines and rules that match an address; sum up what is inside a network',
    ),
  )
    .option('--json', 'print JSON')
    .action(async (address: string, options: { config: string; json?: boolean; utc?: boolean }) => {
      const { io } = context;
      const ip = addressOf(address);
      const world = await openOwnersWorld(io, options.config);
      const found = await previewWithWarnings(world, io);
      const answer = whyAnswer(found, ip, {
        refused: await findRefusedOn(world, found, ip),
        mode: world.config.mode,
      });
      if (options.json === true) json(io, whyFields(answer));
      else {
        const isOurs = world.config.families.includes(ip.family);
        const next = nextPassText(world, 'corrects it');
        show(io, { answer, zone: zoneOf(io, options), isOurs, next });
      }
    });
};

interface Shown {
  readonly answer: WhyAnswer;
  readonly zone: Zone;
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

const VERDICTS = {
  dropped: ['red', 'is dropped'],
  passes: ['green', 'is not dropped by banspool'],
  unknown: ['yellow', 'may or may not be dropped: the firewall cannot be read'],
} as const;

/** What it is, and where a pass would make it the other way, who makes one. */
function wordsOf({ answer, isOurs, next }: Shown, on: string): readonly ['red' | 'green' | 'yellow', string] {
  const { ip, mode, verdict, wanted, inside } = answer;
  if (mode === 'observe' && isOurs) return observed(answer, on);
  if (verdict === 'passes' && wanted === 'dropped')
    return ['yellow', `should be dropped, but is not: ${next}`];
  if (verdict === 'dropped' && wanted === 'passes')
    return ['yellow', `should no longer be dropped, but is${on}: ${next}`];
  if (!isOurs) return ['yellow', `is not managed: the config does not list ${ip.family} in families`];
  if (verdict === 'passes' && inside !== undefined && inside.addresses > 0)
    return ['yellow', `is not dropped as a whole: ${partText(inside.addresses)}`];
  const [style, words] = VERDICTS[verdict];
  return [style, `${words}${on}${exceptText(answer)}`];
}

/** Where nothing is enforced: what would be, and what is dropped by rules that stand there all the same. */
function observed(
  { verdict, wanted, inside }: WhyAnswer,
  on: string,
): readonly ['red' | 'green' | 'yellow', string] {
  if (verdict === 'dropped')
    return ['yellow', `is dropped${on} by rules that stand, though ${NOTHING_ENFORCED}`];
  if (wanted === 'dropped') return ['yellow', `would be dropped, but ${NOTHING_ENFORCED}`];
  if (inside !== undefined && inside.addresses > 0)
    return ['yellow', `would not be dropped as a whole: ${partText(inside.addresses, 'would be')}`];
  return verdict === 'unknown' ? ['yellow', `would not be dropped; ${NOTHING_ENFORCED}`] : VERDICTS.passes;
}

function partText(addresses: number, be?: string): string {
  const one = addresses === 1;
  return `${one ? '1 address' : `${numberText(addresses)} addresses`} inside it ${be ?? (one ? 'is' : 'are')}`;
}

/** What of a network that is dropped is let by. */
function exceptText({ ip, verdict, allowed, inside }: WhyAnswer): string {
  if (verdict !== 'dropped' || inside === undefined) return '';
  const nets = allowed.filter(({ net }) => contains(ip, net)).map(({ net }) => net.text);
  const [only] = nets;
  if (only === undefined) return '';
  return `, except ${nets.length === 1 ? only : `${nets.length} allowed networks inside it`}`;
}

function show(io: Io, shown: Shown): void {
  const { answer, zone } = shown;
  const { ip, traffic } = answer;
  const on = traffic.length > 0 ? ` on ${traffic.join(' and ')}` : '';
  const [style, words] = wordsOf(shown, on);
  io.out(`${ip.text} ${paint(io, style, words)}\n`);
  const sections = whyLines(answer, zone);
  for (const [title, lines] of sections)
    io.out(`${paint(io, 'bold', title)}\n${lines.map((line) => `  ${line}\n`).join('')}`);
}
