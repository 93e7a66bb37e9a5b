/** Everything that is measured, by name, in order. */
import { article } from './article.ts';
import { counters } from './counters.ts';
import { crowdsec, crowdsecLink } from './crowdsec.ts';
import { deny } from './deny.ts';
import { early } from './early.ts';
import { FLEET } from './fleet/scenarios.ts';
import { flood } from './flood.ts';
import { fullPass } from './full-pass.ts';
import { fromServer } from './from-server.ts';
import { heal } from './heal.ts';
import { memory } from './memory.ts';
import { million } from './million.ts';
import { oneBan } from './one-ban.ts';
import { packetPath } from './packet-path.ts';
import { packing } from './packing.ts';
import { report } from './report.ts';
import { restart } from './restart.ts';
import { modules, others, program, withAttacker, type Scenario, type Scenarios } from './scenario.ts';
import { stages } from './stages.ts';
import { start } from './start.ts';
import { waiting } from './waiting.ts';
import { wholePasses } from './whole-passes.ts';

/** Measured where nothing is named. */
export const SCENARIOS: Scenarios = {
  'one-ban-0': oneBan(0, { words: '0.7 times bare', most: { ratio: 0.7 } }),
  'one-ban-1k': oneBan(1_000, { words: '0.8 times bare', most: { ratio: 0.8 } }),
  'one-ban-10k': oneBan(10_000, { words: '0.7 times bare', most: { ratio: 0.7 } }),
  'one-ban-100k': oneBan(100_000, { words: '0.7 times bare, p99 10 ms', most: { ratio: 0.7, p99: 10 } }),
  'whole-passes': modules(wholePasses),
  waiting: program(waiting),
  start: program(start),
  deny: program(withAttacker(deny)),
  'full-pass': program(fullPass),
  flood: program(withAttacker(flood)),
  heal: program(withAttacker(heal)),
  packing: program(withAttacker(packing)),
  'packet-path': program(withAttacker(packetPath)),
  counters: others(withAttacker(counters)),
  early: others(early),
  restart: modules(restart),
  memory: program(memory),
  report: modules(report),
  stages: modules(stages),
  article: others(article),
  'from-server': program(fromServer),
};

/** What other programs take for the same, where they are asked for: they have to be fetched. */
export const PEERS: Scenarios = {
  crowdsec: others(withAttacker(crowdsec)),
  'crowdsec-link': others(crowdsecLink),
};

/** Measured where it is named: it takes many minutes. */
const LONG: Scenarios = { million: program(withAttacker(million)) };

/** Whatever can be named. */
export const ALL: Scenarios = { ...SCENARIOS, ...LONG, ...PEERS, ...FLEET };

/** The one of that name, or else those whose name holds one of the words. */
export function named(words: readonly string[]): Scenarios {
  const isMeant = (name: string): boolean =>
    words.some((word) => name === word || (!(word in ALL) && name.includes(word)));
  return Object.fromEntries(Object.entries(ALL).filter(([name]) => isMeant(name)));
}

/** The one of that name. */
export function scenarioNamed(name: string): Scenario {
  const scenario = ALL[name];
  if (scenario === undefined) throw new Error(`there is no scenario "${name}"`);
  return scenario;
}
