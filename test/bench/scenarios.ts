/** Everything that is measured, by name, in order. */
import { Attacker } from './attacker.ts';
import { article } from './article.ts';
import { burst } from './burst.ts';
import { counters } from './counters.ts';
import { crowdsec, crowdsecLink } from './crowdsec.ts';
import type { Figure } from './figure.ts';
import { flood } from './flood.ts';
import { heal } from './heal.ts';
import { memory } from './memory.ts';
import { oneBan } from './one-ban.ts';
import { packetPath } from './packet-path.ts';
import { packing } from './packing.ts';
import { report } from './report.ts';
import { restart } from './restart.ts';
import { stages } from './stages.ts';
import { wholePasses } from './whole-passes.ts';

export type Scenario = () => Promise<readonly Figure[]>;

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'one-ban': async () => {
    await using attacker = await Attacker.start();
    const figures: Figure[] = [];
    for (const there of [0, 1_000, 10_000, 100_000]) figures.push(await oneBan(attacker, there));
    return figures;
  },
  'whole-passes': wholePasses,
  burst: async () => [await burst()],
  flood: async () => {
    await using attacker = await Attacker.start();
    return await flood(attacker);
  },
  heal: async () => {
    await using attacker = await Attacker.start();
    return [await heal(attacker)];
  },
  packing: async () => {
    await using attacker = await Attacker.start();
    return await packing(attacker);
  },
  'packet-path': async () => {
    await using attacker = await Attacker.start();
    return [await packetPath(attacker)];
  },
  counters: async () => {
    await using attacker = await Attacker.start();
    return await counters(attacker);
  },
  restart,
  memory,
  report,
  stages,
  article,
};

/** What other programs take for the same, where they are asked for: they have to be fetched. */
export const PEERS: Readonly<Record<string, Scenario>> = {
  crowdsec: async () => {
    await using attacker = await Attacker.start();
    return await crowdsec(attacker);
  },
  'crowdsec-link': crowdsecLink,
};
