/** A firewall with 100,000 claims of a peer beside one with 100,000 of its own: memory, start, and one ban more. */
import { setTimeout as delay } from 'node:timers/promises';
import { Child } from '../../support/child.ts';
import { eventually } from '../../support/eventually.ts';
import { clearFirewall } from '../../support/firewall.ts';
import { banText, unbanText } from '../../support/intent-text.ts';
import { makePass, worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { ATTACKER, type Attacker } from '../attacker.ts';
import { timeOf } from '../bare.ts';
import { claimCrowd, crowd } from '../crowd.ts';
import { figureOf, type Figure, type Goal } from '../figure.ts';
import { settled } from '../settled.ts';
import { asUnit } from './as-unit.ts';
import { residentOf } from './cpu.ts';
import { openSite, settledWith, type Site } from './listener-site.ts';

const CLAIMS = 100_000;
const STARTS = 5;
const BANS = 30;

/** Long enough for what is garbage to be collected. */
const REST_MS = 8_000;

const GOAL: Goal = { words: '1.2 times', most: { ratio: 1.2 } };

/** Memory and start. */
export async function manyClaims(): Promise<readonly Figure[]> {
  await using own = await Sandbox.open();
  claimCrowd(own, crowd(CLAIMS));
  const first = await own.startController();
  await settled(own);
  await first.stop();
  await using site = await openSite(CLAIMS);
  const second = await site.sandbox.startController();
  await site.peer.publish(site.inbox);
  await settledWith(site.sandbox, CLAIMS);
  await second.stop();
  // As it says each ten minutes that it lives: nearly every start is after that.
  await site.peer.publish(site.inbox);

  const starts = { own: [] as number[], peers: [] as number[] };
  const memory = { own: [] as number[], peers: [] as number[] };
  for (let round = 0; round < STARTS; round += 1) {
    for (const [name, sandbox] of [
      ['own', own],
      ['peers', site.sandbox],
    ] as const) {
      await clearFirewall();
      starts[name].push(await timeOf(() => makePass(worldOf(sandbox))));
      if (round < 3) memory[name].push(await residentAtRest(sandbox));
    }
  }
  return [
    figureOf('start with 100,000 claims of a peer', starts.peers, {
      bare: { what: '100,000 own', samples: starts.own },
      goal: GOAL,
    }),
    figureOf('memory with 100,000 claims of a peer', memory.peers, {
      unit: 'MB',
      bare: { what: '100,000 own', samples: memory.own },
      goal: GOAL,
    }),
  ];
}

async function residentAtRest(sandbox: Sandbox): Promise<number> {
  await using controller = new Child([...asUnit('banspool.service'), ...sandbox.command('run')]);
  await eventually(() => {
    if (sandbox.status().pid !== controller.pid) throw new Error(`no pass yet: ${controller.stderr}`);
  });
  await settledWith(sandbox, CLAIMS);
  await delay(REST_MS);
  return residentOf(controller.pid);
}

/** One ban more, by a server of its own and by the peer, with as many of the peer there. */
export async function oneBanMore(attacker: Attacker): Promise<readonly Figure[]> {
  const empty = await banTimes(attacker, 0);
  const full = await banTimes(attacker, CLAIMS);
  return [
    figureOf('a ban of a peer, from its publication, 0 there', empty.peers, {
      bare: { what: 'a ban of a server', samples: empty.own },
    }),
    figureOf('a ban of a server, 100,000 of a peer there', full.own, {
      bare: { what: '0 there', samples: empty.own },
      goal: GOAL,
    }),
    figureOf('a ban of a peer, 100,000 of the peer there', full.peers, {
      bare: { what: '0 there', samples: empty.peers },
    }),
  ];
}

interface BanTimes {
  readonly own: readonly number[];
  readonly peers: readonly number[];
}

async function banTimes(attacker: Attacker, there: number): Promise<BanTimes> {
  await using site = await openSite(there, { backend: 'ipset' });
  await site.sandbox.startController();
  await site.peer.publish(site.inbox);
  await settledWith(site.sandbox, there);
  const times = { own: [] as number[], peers: [] as number[] };
  for (let round = 0; round < BANS; round += 1) {
    times.own.push(await banAndUnban(attacker, ownBan(site)));
    times.peers.push(await banAndUnban(attacker, peersBan(site)));
  }
  return times;
}

function ownBan({ sandbox }: Site): Act {
  return {
    ban: () => void sandbox.drop('web1', banText(ATTACKER, { protocol: 'all', ports: 'all' })),
    unban: () => void sandbox.drop('web1', unbanText(ATTACKER)),
  };
}

function peersBan({ peer, inbox }: Site): Act {
  const publish = async (isBanned: boolean): Promise<void> => {
    peer.claim([ATTACKER], { isBanned });
    await peer.publish(inbox);
  };
  return { ban: () => publish(true), unban: () => publish(false) };
}

interface Act {
  readonly ban: () => Promise<void> | void;
  readonly unban: () => Promise<void> | void;
}

async function banAndUnban(attacker: Attacker, { ban, unban }: Act): Promise<number> {
  await attacker.heard();
  const begunAt = performance.now();
  await ban();
  const took = (await attacker.silenced()) - begunAt;
  await unban();
  await attacker.heard();
  // What is saved and published after the drop is not to be in the way of the next one.
  await delay(300);
  return took;
}
