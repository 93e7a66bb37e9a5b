/**
 * Finds what is wrong that no step of a pass meets at its own work: a condition of that kind has its line here. In:
 * what the pass has read and concluded; out: a problem each, the same list while nothing changes. Nothing is changed,
 * and what seldom changes is looked for by full passes alone.
 */
import type { Conclusion } from '../desired/conclude.ts';
import type { Problem } from '../domain/conditions.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import { savedRulesProblems } from '../firewall/find-saved.ts';
import { DATAPLANE } from '../firewall/open-dataplane.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import type { World } from '../world/world.ts';
import type { Inputs } from './load-inputs.ts';
import type { Memory } from './memory.ts';

export interface FindOptions {
  readonly kind: PassKind;
  readonly inputs: Inputs;
  readonly conclusion: Conclusion;
  readonly tools: Tools;
}

/** Finds them, in the order in which a pass tells them. */
export async function findOtherProblems(
  world: World,
  {
    sources,
    lists,
    fleet,
    escalator,
    lockouts,
  }: Pick<Memory, 'sources' | 'lists' | 'fleet' | 'escalator' | 'lockouts'>,
  { kind, inputs, conclusion, tools }: FindOptions,
): Promise<readonly Problem[]> {
  const isFull = kind === 'full';
  return [
    ...sources.problems(),
    ...lists.problems(),
    ...escalator.problems(),
    ...fleet.problems(world.now()),
    ...(await lockouts.problems({ ...inputs, kind, conclusion })),
    ...(isFull ? await DATAPLANE.findLeftovers(world, tools) : []),
    ...(isFull ? await savedRulesProblems(world) : []),
  ];
}
