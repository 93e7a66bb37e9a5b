/** Everything that is measured, by name, in order. */
import { Attacker } from './attacker.ts';
import type { Figure } from './figure.ts';
import { oneBan } from './one-ban.ts';
import { wholePasses } from './whole-passes.ts';

type Scenario = () => Promise<readonly Figure[]>;

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'one-ban': async () => {
    await using attacker = await Attacker.start();
    const figures: Figure[] = [];
    for (const there of [0, 1_000, 10_000, 100_000]) figures.push(await oneBan(attacker, there));
    return figures;
  },
  'whole-passes': wholePasses,
};
