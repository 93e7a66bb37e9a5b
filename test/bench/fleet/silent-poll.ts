/** What a hub is asked by firewalls that have nothing to say: its processor's time, and bytes on the cable. */
import { GitMover } from '../../../src/mover/git/git-mover.ts';
import { worldOf } from '../../support/pass.ts';
import { timeOf } from '../bare.ts';
import { figureOf, type Figure } from '../figure.ts';
import { HubSite, REMOTE, type HubMember } from './hub-site.ts';
import { ToldPeer } from './told-peer.ts';

const POLLS = 50;
const CHANGES = 10;
const BRANCHES = 500;

export async function silentPoll(): Promise<readonly Figure[]> {
  await using site = await HubSite.open();
  const [fw1, fw2] = [await site.add('fw1'), await site.add('fw2')];
  for (const member of [fw1, fw2]) site.openLine(member);
  await site.belled(2);
  const [sender, reader] = [moverOf(fw1), moverOf(fw2)];
  const peer = new ToldPeer('fw1');
  const change = async (index: number): Promise<void> => {
    peer.claim([`203.0.113.${index}`]);
    await peer.publish(`${fw1.config.folder}/out`);
  };
  await change(0);
  await sender.push();
  await reader.fetch();

  const few = await measure(site, POLLS, () => reader.fetch());
  const pushed: number[] = [];
  const fetched: number[] = [];
  for (let index = 1; index <= CHANGES; index += 1) {
    await change(index);
    pushed.push(...(await measure(site, 1, () => sender.push())).kilobytes);
    fetched.push(...(await measure(site, 1, () => reader.fetch())).kilobytes);
  }
  await site.crowdOf(BRANCHES);
  await reader.fetch();
  const many = await measure(site, POLLS, () => reader.fetch());
  await change(CHANGES + 1);
  const pushedAmongMany = (await measure(site, 1, () => sender.push())).kilobytes;
  return [
    figureOf('a silent poll, the hub’s time of the processor', few.cpu, {
      goal: { words: '10 ms', most: { median: 10 } },
    }),
    figureOf('a silent poll, until the mover knows', few.milliseconds),
    figureOf('bytes of a silent poll', few.kilobytes, { unit: 'kB' }),
    figureOf(`the same, ${BRANCHES} branches`, many.kilobytes, {
      unit: 'kB',
      goal: { words: '40 kB', most: { median: 40 } },
    }),
    figureOf(`the hub’s time of that`, many.cpu),
    figureOf('bytes of a change, pushed', pushed, {
      unit: 'kB',
      goal: { words: '2 kB', most: { median: 2 } },
    }),
    figureOf('bytes of a change, fetched', fetched, { unit: 'kB' }),
    figureOf(`bytes of a change, pushed, ${BRANCHES} branches`, pushedAmongMany, { unit: 'kB' }),
  ];
}

function moverOf({ sandbox, config }: HubMember): GitMover {
  return new GitMover(worldOf(sandbox), config, REMOTE);
}

interface Measured {
  readonly milliseconds: readonly number[];
  /** The mean, since the kernel counts in hundredths of a second. */
  readonly cpu: readonly number[];
  readonly kilobytes: readonly number[];
}

async function measure(site: HubSite, count: number, work: () => Promise<unknown>): Promise<Measured> {
  const [cpu, carried] = [site.cpu(), site.carried()];
  const milliseconds: number[] = [];
  for (let index = 0; index < count; index += 1) milliseconds.push(await timeOf(work));
  return {
    milliseconds,
    cpu: [(site.cpu() - cpu) / count],
    kilobytes: [(site.carried() - carried) / count],
  };
}
