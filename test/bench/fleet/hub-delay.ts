/** From a ban on one firewall to the drop on another, by git over ssh: with the bell, and by polling alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { importText } from '../../../src/mover/git/git-objects.ts';
import { gitSshCommand } from '../../../src/mover/git/ssh-line.ts';
import { openForkServer } from '../../../src/system/processes/fork-server.ts';
import { banText, unbanText } from '../../support/intent-text.ts';
import { ATTACKER, type Attacker } from '../attacker.ts';
import { timeOf } from '../bare.ts';
import { figureOf, type Figure } from '../figure.ts';
import { HubSite, REMOTE, type HubMember } from './hub-site.ts';
import type { Member } from './listener-site.ts';

const ROUNDS = 20;
const POLLED_ROUNDS = 12;

/** In seconds. */
const EVERY = 2;

/** More than the second in which a firewall publishes once. */
const REST_MS = 1_300;

/** With the bell. */
export async function hubDelay(attacker: Attacker): Promise<readonly Figure[]> {
  await using site = await HubSite.open();
  const members = [await site.add('fw1', { hooks: '[FORWARD]' }), await site.add('fw2')];
  const bare = [await site.add('bare1'), await site.add('bare2')];
  believe(members);
  for (const { sandbox } of members) await sandbox.startController();
  for (const member of members) site.startMover(member);
  for (const member of bare) site.openLine(member);
  await site.belled(members.length + bare.length);
  const git = await BareGit.open(bare);
  const [samples, floor]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const took = await shareBan(attacker, members);
    const least = await git.moveOneChange(round);
    // The first one is warm-up: what is made once is made.
    if (round === 0) continue;
    samples.push(took);
    floor.push(least);
  }
  return [
    figureOf('a ban at one firewall until another drops, by git over ssh, with the bell', samples, {
      bare: { what: 'git push + git fetch', samples: floor },
      goal: {
        words: '3 times bare, 0.5 s',
        most: { ratio: 3, median: 500 },
      },
    }),
  ];
}

/** Without it. */
export async function polledDelay(attacker: Attacker): Promise<readonly Figure[]> {
  await using site = await HubSite.open();
  await site.silence();
  const members = [
    await site.add('fw1', { hooks: '[FORWARD]' }),
    await site.add('fw2', { every: `${EVERY}s` }),
  ];
  believe(members);
  for (const { sandbox } of members) await sandbox.startController();
  for (const member of members) site.startMover(member);
  const samples: number[] = [];
  for (let round = 0; round <= POLLED_ROUNDS; round += 1) {
    const took = await shareBan(attacker, members);
    if (round > 0) samples.push(took);
  }
  return [
    figureOf(`the same by polling alone, each ${EVERY} s`, samples, {
      // Of a firewall that asks a fifth later than `every`.
      goal: { words: 'every + 0.5 s', most: { p99: EVERY * 1_200 + 500 } },
    }),
  ];
}

/** From the file at the first of them until another drops; then all is as before. */
export async function shareBan(attacker: Attacker, [first]: readonly Member[]): Promise<number> {
  await attacker.heard(30_000);
  const droppedAt = performance.now();
  first?.sandbox.drop('web1', banText(ATTACKER, { protocol: 'all', ports: 'all' }));
  const took = (await attacker.silenced(30_000)) - droppedAt;
  await delay(REST_MS);
  first?.sandbox.drop('web1', unbanText(ATTACKER));
  await attacker.heard(30_000);
  await delay(REST_MS);
  return took;
}

/** Has each of these believe all others of them. */
export function believe(members: readonly Member[]): void {
  for (const { name, sandbox } of members) {
    const others = members.filter((other) => other.name !== name);
    const lines = others.map((other) => {
      const key = readFileSync(join(other.sandbox.folder, 'fleet_key.pub'), 'utf8').trim();
      return `  ${other.name}: { key: "${key}", claims: 1000000 }\n`;
    });
    sandbox.writePolicy(`peers:\n${lines.join('')}`);
  }
}

const { run } = openForkServer();

/** git without banspool: one repository pushes a change to its branch of the hub, and another fetches it. */
class BareGit {
  readonly #from: HubMember;
  readonly #to: HubMember;

  private constructor(from: HubMember, to: HubMember) {
    this.#from = from;
    this.#to = to;
  }

  static async open([from, to]: readonly HubMember[]): Promise<BareGit> {
    if (from === undefined || to === undefined) throw new Error('it takes two');
    for (const { config } of [from, to]) await run('git', ['init', '-q', '--bare', `${config.folder}/git`]);
    return new BareGit(from, to);
  }

  /** Milliseconds of the push and the fetch; the commit is made before. */
  async moveOneChange(round: number): Promise<number> {
    const ref = `refs/heads/fw/${this.#from.name}/claims`;
    const text = importText({
      ...{ ref, name: this.#from.name, time: Date.now(), gone: [] },
      parent: round === 0 ? undefined : `${ref}^0`,
      files: new Map([
        ['ipv4/198.yaml', banText(`198.51.100.${round}`)],
        ['peer.yaml', banText(`192.0.2.${round}`)],
      ]),
    });
    await this.#git(this.#from, ['fast-import', '--quiet', '--force'], text);
    return timeOf(async () => {
      await this.#git(this.#from, ['push', '--quiet', REMOTE, ref]);
      await this.#git(this.#to, ['fetch', '--quiet', REMOTE, `+${ref}:${ref}`]);
    });
  }

  async #git({ config }: HubMember, words: readonly string[], input = ''): Promise<void> {
    const env = { GIT_SSH_COMMAND: gitSshCommand(config) };
    const ran = await run('git', ['--git-dir', `${config.folder}/git`, ...words], { input, env });
    if (ran.exitCode !== 0) throw new Error(`git ${words.join(' ')}: ${ran.stderr}`);
  }
}
