/**
 * A peer: CrowdSec with its firewall bouncer. From a decision to the last packet of the address; what becomes of a
 * decision that another program took out of the bouncer's set; what becomes of an attack that is seen while the link
 * to the local API is down; memory.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { ATTACKER, type Attacker } from './attacker.ts';
import { CrowdSec } from './crowdsec-peer.ts';
import { figureOf, type Figure } from './figure.ts';

const ROUNDS = 6;

/** The bouncer asks every ten seconds: each round begins at another moment between two questions. */
const STAGGER_MS = 1_700;

/** Two questions of the bouncer's, and some. */
const HEAL_LIMIT_MS = 25_000;

const LINK_DOWN_MS = 20_000;

export async function crowdsec(attacker: Attacker): Promise<readonly Figure[]> {
  await using peer = await CrowdSec.start();
  return [
    await oneDecision(peer, attacker),
    figureOf("CrowdSec's local API and bouncer, memory", [peer.residentMegabytes()], { unit: 'MB' }),
    await foreignFlush(peer, attacker),
  ];
}

/** Leaves the address banned. */
async function oneDecision(peer: CrowdSec, attacker: Attacker): Promise<Figure> {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await attacker.heard(30_000);
    await delay(round * STAGGER_MS);
    const decidedAt = performance.now();
    await peer.decide('add');
    await eventually(async () => {
      if (!(await peer.holds(ATTACKER))) throw new Error('the bouncer does not hear of the decision');
    });
    samples.push((await attacker.silenced(30_000)) - decidedAt);
    if (round < ROUNDS - 1) await peer.decide('delete');
  }
  return figureOf("CrowdSec's bouncer, one ban", samples);
}

/** By the set and not by a pause of the sender, which a busy machine makes too. */
async function foreignFlush(peer: CrowdSec, attacker: Attacker): Promise<Figure> {
  // The bouncer's next answer may still tell of the newest decision again, which heals nothing that is older.
  await delay(HEAL_LIMIT_MS);
  await peer.flush();
  await attacker.heard();
  const healed = await eventually(async () => {
    if (!(await peer.holds(ATTACKER))) throw new Error('it is not in the set');
  }, HEAL_LIMIT_MS).then(
    () => 1,
    () => 0,
  );
  // That it did not heal is said only of a peer that runs, and of packets that do arrive.
  peer.assertRunning();
  if (healed === 0) await attacker.heard();
  return figureOf(`CrowdSec's bouncer, foreign flushes healed within ${HEAL_LIMIT_MS / 1000} s`, [healed], {
    unit: 'count',
  });
}

/** The link to the local API is down while the agent sees an attack. */
export async function crowdsecLink(): Promise<readonly Figure[]> {
  await using peer = await CrowdSec.start();
  const [first, kept, lost, later] = [
    '203.0.113.60',
    '203.0.113.61',
    '203.0.113.62',
    '203.0.113.63',
  ] as const;
  let agent = await peer.startAgent();
  // An agent whose link is down when it starts does not work at all.
  await peer.attack(agent, first);
  await decided(peer, first);
  await peer.link('down');
  await peer.attack(agent, kept);
  await delay(LINK_DOWN_MS);
  await peer.link('up');
  const upAt = performance.now();
  await decided(peer, kept);
  const arrived = performance.now() - upAt;

  await peer.link('down');
  await peer.attack(agent, lost);
  await peer.stopAgent(agent);
  await peer.link('up');
  agent = await peer.startAgent();
  await peer.attack(agent, later);
  // What was left to say of the one before would have come with this.
  await decided(peer, later);
  const outlived = (await peer.decided(lost)) ? 1 : 0;
  return [
    figureOf(`CrowdSec, seen while the link was down for ${LINK_DOWN_MS / 1000} s, until decided`, [arrived]),
    figureOf('CrowdSec, the same, after a restart of the agent meanwhile', [outlived], { unit: 'count' }),
  ];
}

async function decided(peer: CrowdSec, ip: string): Promise<void> {
  await eventually(async () => {
    if (!(await peer.decided(ip))) throw new Error(`no decision about ${ip}`);
  });
}
