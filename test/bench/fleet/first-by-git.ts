/** 100,000 claims of a peer, from nothing until they are enforced, by git over ssh; and the memory of the mover. */
import { setTimeout as delay } from 'node:timers/promises';
import { crowd } from '../crowd.ts';
import { timeOf } from '../bare.ts';
import { figureOf, type Figure, type Goal } from '../figure.ts';
import { residentOf } from './cpu.ts';
import { enforced, FIRST_GOAL, timeOfRestore } from './first-sync.ts';
import { HubSite } from './hub-site.ts';
import { settledWith } from './listener-site.ts';
import { ToldPeer } from './told-peer.ts';

const CLAIMS = 100_000;
const ROUNDS = 3;

/** Long enough for what is garbage to be collected. */
const REST_MS = 8_000;

const MEMORY_GOAL: Goal = { words: '60 MB', most: { median: 60 } };

export async function firstByGit(): Promise<readonly Figure[]> {
  await using site = await HubSite.open();
  const fw1 = await site.add('fw1');
  const peer = new ToldPeer('fw1');
  peer.claim(crowd(CLAIMS));
  const sender = site.startMover(fw1);
  await site.belled(1);
  await delay(REST_MS);
  const idle = residentOf(sender.pid);
  await peer.publish(`${fw1.config.folder}/out`);
  const pushed = await timeOf(() => site.holds('fw1'));
  const samples: number[] = [];
  const [bare, memory, most]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const member = await site.add(`fw${round + 2}`);
    const { sandbox, name } = member;
    sandbox.writePolicy(peer.policy);
    const controller = await sandbox.startController();
    const set = `${name}-sshd`;
    let mover: ReturnType<HubSite['startMover']> | undefined;
    samples.push(
      await timeOf(async () => {
        mover = site.startMover(member);
        await enforced(set, CLAIMS);
      }),
    );
    bare.push(await timeOfRestore(set));
    await settledWith(sandbox, CLAIMS);
    await delay(REST_MS);
    memory.push(residentOf(mover?.pid ?? 0));
    most.push(residentOf(mover?.pid ?? 0, 'VmHWM'));
    await mover?.stop();
    await controller.stop();
  }
  return [
    figureOf('100,000 claims of a peer from nothing, by git over ssh, enforced', samples, {
      bare: { what: 'ipset restore', samples: bare },
      goal: FIRST_GOAL,
    }),
    figureOf('100,000 own claims, from publication to the hub', [pushed]),
    figureOf('memory of the mover, idle', [idle], { unit: 'MB', goal: MEMORY_GOAL }),
    figureOf('memory of the mover, at rest after it fetched 100,000 claims', memory, {
      unit: 'MB',
      goal: MEMORY_GOAL,
    }),
    figureOf('the most that it had meanwhile', most, { unit: 'MB' }),
    figureOf('memory of the mover, at rest after it pushed 100,000 claims', [residentOf(sender.pid)], {
      unit: 'MB',
      goal: MEMORY_GOAL,
    }),
  ];
}
