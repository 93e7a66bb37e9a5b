/** Each stage of a pass alone, with 100,000 claims, so that a slow one is seen. */
import { loadInputs } from '../../src/pass/load-inputs.ts';
import { readFirewall } from '../../src/firewall/iptables/read-firewall.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { rulesetMeans } from '../../src/firewall/iptables/ruleset-means.ts';
import { parseIntent } from '../../src/intent/parse.ts';
import { refusalText } from '../../src/domain/refusals.ts';
import { parseServices } from '../../src/domain/services.ts';
import { conclude } from '../../src/desired/conclude.ts';
import { desireFamily } from '../../src/desired/desire-family.ts';
import { plan } from '../../src/firewall/iptables/plan/plan.ts';
import { rulesetOf, type Ruleset } from '../../src/firewall/iptables/wanted/ruleset.ts';
import { diffStates } from '../../src/claims/diff.ts';
import { fold } from '../../src/claims/fold.ts';
import { banText } from '../support/intent-text.ts';
import { makePasses, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { timeEach } from './bare.ts';
import { claimCrowd, crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';

const CLAIMS = 100_000;
const ROUNDS = 10;

export async function stages(): Promise<readonly Figure[]> {
  await using sandbox = await Sandbox.open({ config: { interval: '1h' } });
  const world = worldOf(sandbox);
  claimCrowd(sandbox, crowd(CLAIMS));
  await makePasses(world);
  const { hooks, chainPrefix: prefix } = world.config;
  const firewall = await world.openFirewall();
  const now = world.now();

  const text = Buffer.from(banText('203.0.113.7'));
  const options = { services: parseServices(world.servicesText()), operator: false };
  const parsed = parseIntent(text, options);
  if (parsed.kind === 'refused') throw new Error(refusalText(parsed.refusal));
  const { intent } = parsed;
  const inputs = await loadInputs(freshMemory(world), { kind: 'full' });
  const conclusion = conclude(inputs.state, { ...inputs, now });
  const place = { family: 'ipv4', prefix, now: world.now } as const;
  const means = rulesetMeans(world.config, firewall);
  const wanted = (): Ruleset => rulesetOf(desireFamily(conclusion, 'ipv4'), means);
  const ruleset = wanted();
  const { observed } = await readFirewall(firewall, place);
  const folded = fold(inputs.state, [{ server: 'web1', intent }], now);

  const times = async (name: string, stage: () => unknown): Promise<Figure> =>
    figureOf(`stage: ${name}`, await timeEach(ROUNDS, () => Promise.resolve(stage())));
  return [
    await times('parse 1,000 intents', () => {
      for (let index = 0; index < 1_000; index += 1) parseIntent(text, options);
    }),
    await times('load the state', () => loadInputs(freshMemory(world), { kind: 'full' })),
    await times('fold one intent', () => fold(inputs.state, [{ server: 'web1', intent }], now)),
    await times('judge all', () => conclude(inputs.state, { ...inputs, now })),
    await times('desire all', wanted),
    await times('look at all', () => readFirewall(firewall, place)),
    await times('plan for all', () =>
      plan(ruleset, observed, { hooks, prefix, variant: firewall.variant, now }),
    ),
    await times('compare two states', () => diffStates(inputs.state, folded, now)),
  ];
}
