/**
 * Measures one scenario of one build, in namespaces of its own, and tells the figures to the process that started it:
 * `worker.js NAME BUILD [ROUNDS]`, where BUILD is JSON.
 */
import type { Bench, Build } from './bench.ts';
import type { Figure } from './figure.ts';
import { scenarioNamed } from './scenarios.ts';

export type Told =
  | { readonly kind: 'waits' }
  | { readonly kind: 'measured'; readonly figures: readonly Figure[] }
  | { readonly kind: 'failed'; readonly why: string };

const [, , name = '', build = '', rounds] = process.argv;

const bench: Bench = {
  build: JSON.parse(build) as Build,
  rounds: (wanted) => (rounds === undefined ? wanted : Number(rounds)),
  turn: async () =>
    new Promise((resolve) => {
      process.once('message', () => {
        resolve();
      });
      process.send?.({ kind: 'waits' } satisfies Told);
    }),
};

await bench.turn();
process.send?.(await measure(), () => {
  // Whatever a scenario left open ends with this process.
  process.exit(0);
});

async function measure(): Promise<Told> {
  try {
    return { kind: 'measured', figures: await scenarioNamed(name).measure(bench) };
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}
