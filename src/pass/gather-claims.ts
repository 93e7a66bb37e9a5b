/**
 * Gathers claims from everywhere that they come from: the state, what stands on the firewall and is to be taken over, and what
 * waits in the spool. A pass asks here, and so does a preview of one: it changes nothing, but for what memory keeps of it.
 */
import type { Moment } from '../ledger/early-bans.ts';
import { fold, type Said } from '../claims/fold.ts';
import type { State } from '../claims/state.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import { adoptUnfiled } from '../firewall/adopt-rules.ts';
import type { Begun } from './beginning.ts';
import type { Inputs } from './load-inputs.ts';
import type { Memory } from './memory.ts';
import type { Intake, ReadBudget } from '../spool/take-in.ts';
import type { World } from '../world/world.ts';

interface GatherOptions {
  readonly inputs: Inputs;
  readonly begun: Pick<Begun, 'state' | 'said'>;
  /** Undefined where the firewall cannot be read, or is not to be. */
  readonly tools: Tools | undefined;
  readonly moment: Moment;
  readonly budget: ReadBudget;
}

export interface Gathered {
  readonly intake: Intake;
  /** All that is new, of whatever source. */
  readonly said: readonly Said[];
  /** All claims. */
  readonly state: State;
}

/** Gathers; bans that the clock would end too early last as long as they were meant to. */
export async function gatherClaims(
  world: World,
  memory: Memory,
  { inputs, begun, tools, moment, budget }: GatherOptions,
): Promise<Gathered> {
  const { ledger, spool, firewall } = memory;
  const { now } = moment;
  const intake = spool.read({ ...inputs, state: begun.state, now, budget });
  const unfiled = tools === undefined ? [] : await adoptUnfiled(world, firewall, { inputs, tools, now });
  const said = [...begun.said, ...unfiled, ...intake.said];
  const lasting = await ledger.early.keepLengths(begun.state, moment);
  return { intake, said, state: fold(lasting, said, now) };
}
