/** What `why` answers of a state and a policy, above a firewall that holds what is given. */
import { whyAnswer, type WhyAnswer } from '../../../src/cli/why/why-answer.ts';
import type { SentIntent } from '../../../src/claims/fold.ts';
import { netOf } from '../../../src/domain/net.ts';
import type { Dataplane, StandingRule } from '../../../src/firewall/dataplane.ts';
import type { RefusedLine } from '../../../src/fleet/find-refused.ts';
import type { ListInForce } from '../../../src/sources/lists/list-in-force.ts';
import type { Preview } from '../../../src/pass/preview.ts';
import { heard } from '../../claims/said.ts';
import { judged, policyOf } from '../text/judged.ts';

interface Asked {
  readonly said?: readonly SentIntent[];
  readonly policy?: string;
  readonly rules?: readonly StandingRule[];
  /** Undefined: nothing of it. */
  readonly dropped?: readonly string[] | undefined;
  readonly refused?: readonly RefusedLine[];
  readonly mode?: WhyAnswer['mode'];
  readonly lists?: readonly Pick<ListInForce, 'name' | 'note' | 'table'>[];
}

export function asked(
  ip: string,
  { said = [], policy = '{}', rules = [], dropped, refused = [], lists = [], mode = 'enforce' }: Asked,
): WhyAnswer {
  const dataplane = { rulesOn: () => rules, droppedTraffic: () => dropped } as unknown as Dataplane;
  const found = {
    inputs: { lists },
    judgement: judged(said, policyOf(policy)),
    state: heard(10, ...said),
    families: [
      { kind: 'read', family: 'ipv4', dataplane },
      { kind: 'unreadable', family: 'ipv6', reason: 'ip6tables is not installed' },
    ],
  } as unknown as Preview;
  return whyAnswer(found, netOf(ip), { refused, mode });
}
