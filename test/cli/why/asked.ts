/** What `why` answers of a state and a policy, above a firewall that holds what is given. */
import { whyAnswer, type WhyAnswer } from '../../../src/cli/why/why-answer.ts';
import { foldWith, type SentIntent } from '../../../src/claims/fold.ts';
import { EMPTY_STATE } from '../../../src/claims/state.ts';
import { explain } from '../../../src/desired/conclude.ts';
import { netOf } from '../../../src/domain/net.ts';
import { escalate } from '../../../src/escalation/escalate.ts';
import { memoryOfRules } from '../../../src/escalation/memory-of-rules.ts';
import type { Dataplane, StandingRule } from '../../../src/firewall/dataplane.ts';
import type { RefusedLine } from '../../../src/fleet/find-refused.ts';
import type { ListInForce } from '../../../src/sources/lists/list-in-force.ts';
import type { Preview } from '../../../src/pass/preview.ts';
import { millis } from '../../claims/said.ts';
import { policyOf } from '../text/judged.ts';

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
  const [known, now] = [policyOf(policy), millis(10)];
  const state = escalate(foldWith(EMPTY_STATE, said, { now, seenMemory: memoryOfRules(known.escalate) }), {
    policy: known,
    now,
  });
  const found = {
    judgement: explain(state, { policy: known, ownAddresses: [], now }).judgement,
    state,
    inputs: { policy: known, lists },
    families: [
      { kind: 'read', family: 'ipv4', dataplane },
      { kind: 'unreadable', family: 'ipv6', reason: 'ip6tables is not installed' },
    ],
  } as unknown as Preview;
  return whyAnswer(found, netOf(ip), { refused, mode });
}
