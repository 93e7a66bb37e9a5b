/** Spans for tests, with labels that are one object each. */
import { netOf } from '../../src/domain/net.ts';
import { Labels, type Label, type Span } from '../../src/replay/verdicts.ts';

const labels = new Labels();

/** From one moment to another: of the ban of a server in a jail, unless something else is said. */
export function spanOf(ip: string, [from, to]: readonly [number, number], about: Partial<Label> = {}): Span {
  const label = { server: 'web1', jail: 'sshd', why: undefined, denied: undefined, ...about };
  return { net: netOf(ip), label: labels.same(label), from, to };
}

/** Why a claim does not count that a policy allows. */
export function allowedBy(net: string, note?: string): Label['why'] {
  return { code: 'allowed', net: netOf(net), by: { code: 'policy', line: 3, note } };
}
