/** 100,000 claims of a peer, from nothing until they are enforced: by a folder. */
import { setTimeout as delay } from 'node:timers/promises';
import { timeOf, tool } from '../bare.ts';
import { figureOf, type Figure, type Goal } from '../figure.ts';
import { membersOf, openSite } from './listener-site.ts';

const CLAIMS = 100_000;
const ROUNDS = 3;
const LOOK_EVERY_MS = 20;

export const FIRST_GOAL: Goal = { words: '10 s', most: { median: 10_000 } };

export async function firstSync(): Promise<readonly Figure[]> {
  const samples: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await using site = await openSite(CLAIMS);
    await site.sandbox.startController();
    samples.push(
      await timeOf(async () => {
        await site.peer.publish(site.inbox);
        await enforced('fail2ban-sshd', CLAIMS);
      }),
    );
    bare.push(await timeOfRestore('fail2ban-sshd'));
  }
  return [
    figureOf('100,000 claims of a peer from nothing, by folder, enforced', samples, {
      bare: { what: 'ipset restore', samples: bare },
      goal: FIRST_GOAL,
    }),
  ];
}

/** Waits until the set holds so many. */
export async function enforced(set: string, claims: number): Promise<void> {
  while ((await membersOf(set)) < claims) await delay(LOOK_EVERY_MS);
}

/** What it takes to fill another set with the same. */
export async function timeOfRestore(set: string): Promise<number> {
  const saved = (await tool('ipset', ['save', set])).replaceAll(set, 'bare');
  const took = await timeOf(() => tool('ipset', ['restore'], saved));
  await tool('ipset', ['destroy', 'bare']);
  return took;
}
