/** Measures a scenario, of one build or of two in alternation, and holds the figures against each other. */
import type { Build } from './bench.ts';
import { rowOf, type Row } from './figure.ts';
import { Measuring } from './measuring.ts';
import type { Scenario } from './scenario.ts';
import { takeTurns } from './take-turns.ts';

export interface Comparison {
  readonly scenario: string;
  readonly starts: Scenario['starts'];
  readonly build: Build;
  readonly base: Build | undefined;
  readonly rounds: string | undefined;
}

/** Why there is no figure of the base. */
const NOT_COMPARED = {
  modules: 'calls modules of this build',
  others: 'starts nothing of banspool',
};

/** Its figures; none where it could not be measured, which is told. */
export async function compare({
  scenario,
  starts,
  build,
  base,
  rounds,
}: Comparison): Promise<readonly Row[]> {
  const measured = new Measuring({ scenario, build, rounds });
  const isCompared = base !== undefined && starts === 'program';
  const other = isCompared ? new Measuring({ scenario, build: base, rounds }) : undefined;
  await takeTurns(other === undefined ? [measured] : [other, measured]);
  if (typeof measured.result === 'string') {
    console.error(`${scenario} could not be measured: ${measured.result}`);
    return [];
  }
  const others =
    other?.result ?? (base === undefined || starts === 'program' ? undefined : NOT_COMPARED[starts]);
  return measured.result.map((figure) => {
    if (others === undefined || typeof others === 'string') return rowOf(figure, others);
    return rowOf(figure, others.find(({ name }) => name === figure.name) ?? 'has no such figure');
  });
}
