/** Something that is measured, and what it starts for that. */
import { Attacker } from './attacker.ts';
import type { Bench } from './bench.ts';
import type { Figure } from './figure.ts';

export interface Scenario {
  readonly measure: Measure;
  /** banspool as a program, which may be another build's; modules of this build; or none of either. */
  readonly starts: 'program' | 'modules' | 'others';
}

export type Measure = (bench: Bench) => Promise<readonly Figure[]>;
export type Scenarios = Readonly<Record<string, Scenario>>;

export const program = (measure: Measure): Scenario => ({ measure, starts: 'program' });
export const modules = (measure: Measure): Scenario => ({ measure, starts: 'modules' });
export const others = (measure: Measure): Scenario => ({ measure, starts: 'others' });

/** Measures beside a host that sends without a pause, while it is this build's turn. */
export function withAttacker(
  measure: (attacker: Attacker, bench: Bench) => Promise<readonly Figure[]>,
): Measure {
  return async (bench) => {
    await using attacker = await Attacker.start();
    const turn = async (): Promise<void> => {
      attacker.pause();
      await bench.turn();
      attacker.resume();
    };
    return await measure(attacker, { ...bench, turn });
  };
}
