/**
 * Gathers the ledger's claims from everywhere that they come from: the state, what a first start takes over, what
 * waits in the spool, what other sources say, what peers published, and what follows from bans by rules of escalation.
 * A pass asks here, and so does a preview of one: it changes nothing, but for what the keepers remember. The spool is
 * in no list of sources, since a pass answers it, file by file.
 */
import type { Moment } from '../ledger/early-bans.ts';
import { foldWith, type SentIntent } from '../claims/fold.ts';
import type { State } from '../claims/state.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import { memoryOfRules } from '../escalation/memory-of-rules.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import type { Begun } from './beginning.ts';
import type { Inputs } from './load-inputs.ts';
import type { Memory } from './memory.ts';
import type { Intake, ReadBudget } from '../spool/take-in.ts';

interface GatherOptions {
  readonly inputs: Inputs;
  readonly begun: Pick<Begun, 'state' | 'sent'>;
  /** Undefined where the firewall cannot be read, or is not to be. */
  readonly tools: Tools | undefined;
  readonly moment: Moment;
  readonly budget: ReadBudget;
  readonly kind: PassKind;
}

export interface Gathered {
  readonly intake: Intake;
  /** All that is new, of whatever source. */
  readonly sent: readonly SentIntent[];
  /** All claims that are the ledger's to keep. */
  readonly state: State;
}

/** Gathers; bans that the clock would end too early last as long as they were meant to. */
export async function gatherClaims(
  memory: Pick<Memory, 'ledger' | 'spool' | 'sources' | 'fleet' | 'escalator'>,
  options: GatherOptions,
): Promise<Gathered> {
  const { inputs, begun, tools, moment, budget } = options;
  const { now } = moment;
  const intake = memory.spool.read({ ...inputs, state: begun.state, now, budget });
  const others = await memory.sources.say({ ...inputs, tools, now });
  const sent = [...begun.sent, ...others, ...intake.sent];
  return { intake, sent, state: await foldAll(memory, { ...options, sent }) };
}

interface FoldOptions extends Pick<GatherOptions, 'begun' | 'moment' | 'kind'> {
  readonly inputs: Pick<Inputs, 'policy'>;
  readonly sent: readonly SentIntent[];
}

/** All claims once this was said, as the policy lets them be. */
export async function foldAll(
  { ledger, fleet, escalator }: Pick<Memory, 'ledger' | 'fleet' | 'escalator'>,
  { inputs: { policy }, begun, moment, kind, sent }: FoldOptions,
): Promise<State> {
  const { now } = moment;
  const lasting = await ledger.early.keepLengths(begun.state, moment);
  const memory = { liftMemory: fleet.liftMemory(policy), seenMemory: memoryOfRules(policy.escalate) };
  const folded = foldWith(lasting, sent, { now, ...memory });
  const heard = await fleet.hear(folded, { policy, now, isFull: kind === 'full' });
  return escalator.escalate(heard, { policy, now });
}
