/**
 * What becomes of the repository that a fleet shares lifts no ban: each firewall keeps what it heard, tells what is
 * wrong, and hears all again as soon as the mover of the other one has been there.
 */
import { cpSync, readdirSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { importText } from '../../src/mover/git/git-objects.ts';
import { MovedFleet } from '../support/moved-fleet.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { outputOf } from '../support/run-program.ts';

const failures = suite<{ fleet: MovedFleet; backup: string }>('a hub on git to which something happens');

const BRANCH = 'refs/heads/fw/fw1/claims';

const git = async (fleet: MovedFleet, words: readonly string[], input = ''): Promise<string> =>
  outputOf(['git', '--git-dir', fleet.hub, ...words], { input });

/** Has the branch hold these files, and nothing of before. */
async function pushJunk(fleet: MovedFleet, texts: Readonly<Record<string, string>>): Promise<void> {
  const files = new Map(Object.entries(texts));
  const commit = { ref: BRANCH, name: 'x', time: Date.now(), parent: undefined, files, gone: [] };
  await git(fleet, ['fast-import', '--quiet', '--force'], importText(commit));
}

/** Signs as a firewall does that has this key. */
async function signed(text: string, key: string): Promise<string> {
  return outputOf(['ssh-keygen', '-q', '-Y', 'sign', '-f', key, '-n', 'banspool-fleet'], { input: text });
}

/** What stands on the branch, as if it listed no file: a publication in which nothing is banned. */
async function emptied(fleet: MovedFleet): Promise<string> {
  const list = await git(fleet, ['cat-file', 'blob', `${BRANCH}:peer.yaml`]);
  const later = Number(/"sequence": (\d+)/.exec(list)?.[1]) + 1;
  return list
    .replace(/"files": \[[^\]]*\]/, '"files": []')
    .replace(/"sequence": \d+/, `"sequence": ${later}`);
}

interface Harm {
  readonly harm: (fleet: MovedFleet, backup: string) => unknown;
  /** Where the mover of the other firewall does not. */
  readonly undo?: (fleet: MovedFleet) => unknown;
  /** What the second firewall tells then. */
  readonly told: readonly string[];
}

async function makeHub({ hub }: MovedFleet): Promise<void> {
  rmSync(hub, { recursive: true });
  await outputOf(['git', 'init', '--quiet', '--bare', hub]);
}

const HARMS: Readonly<Record<string, Harm>> = {
  'is away': {
    harm: ({ hub }) => {
      renameSync(hub, `${hub}.away`);
    },
    undo: ({ hub }) => {
      renameSync(`${hub}.away`, hub);
    },
    told: ['FleetReachable HubNotReached'],
  },
  'is emptied': { harm: makeHub, told: [] },
  'is restored from a backup, in which the bans were lifted': {
    harm: ({ hub }, backup) => {
      rmSync(hub, { recursive: true });
      cpSync(backup, hub, { recursive: true });
    },
    told: ['PeersTrusted Replayed'],
  },
  'loses the branch': { harm: (fleet) => git(fleet, ['update-ref', '-d', BRANCH]), told: [] },
  'has its history written anew, with the same files': {
    harm: async (fleet) => {
      const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.net'];
      const tree = (await git(fleet, ['rev-parse', `${BRANCH}^{tree}`])).trim();
      const root = (await git(fleet, [...identity, 'commit-tree', '-m', 'x', tree])).trim();
      await git(fleet, ['update-ref', BRANCH, root]);
    },
    told: [],
  },
  'has its history rewound to a publication in which the bans were lifted': {
    harm: (fleet, backup) => git(fleet, ['fetch', '--quiet', backup, `+${BRANCH}:${BRANCH}`]),
    told: ['PeersTrusted Replayed'],
  },
  'has an unrelated history there': {
    harm: (fleet) => pushJunk(fleet, { README: 'another repository\n', 'src/main.c': 'int main;\n' }),
    told: [],
  },
  'has junk there': {
    harm: (fleet) =>
      pushJunk(fleet, { 'peer.yaml': 'junk\n', 'peer.yaml.sig': 'junk\n', 'ipv4/203.yaml': 'junk\n' }),
    told: ['PeersTrusted BadSignature'],
  },
  'has a publication without a ban there, under the signature of the last one': {
    harm: async (fleet) => {
      const signature = await git(fleet, ['cat-file', 'blob', `${BRANCH}:peer.yaml.sig`]);
      await pushJunk(fleet, { 'peer.yaml': await emptied(fleet), 'peer.yaml.sig': signature });
    },
    told: ['PeersTrusted BadSignature'],
  },
  'has a publication without a ban there, by a second firewall of that name': {
    harm: async (fleet) => {
      const key = join(fleet.at('fw1').folder, 'twin');
      await outputOf(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
      const list = await emptied(fleet);
      await pushJunk(fleet, { 'peer.yaml': list, 'peer.yaml.sig': await signed(list, key) });
    },
    told: ['PeersTrusted BadSignature'],
  },
  'loses objects, as on a broken disk': {
    harm: (fleet) => {
      const objects = join(fleet.hub, 'objects');
      for (const each of readdirSync(objects, { recursive: true, encoding: 'utf8' }))
        if (/[0-9a-f]{38}$|\.pack$/.test(each)) truncateSync(join(objects, each), 0);
    },
    undo: makeHub,
    told: ['FleetReachable HubNotReached'],
  },
};

/**
 * What the first one banned is heard by the second. Before that all of it was unbanned once: then a backup was made, so
 * that whoever believes an older publication lifts all bans.
 */
failures.before(async (context) => {
  const fleet = await MovedFleet.open(['fw1', 'fw2']);
  const backup = `${fleet.hub}.backup`;
  const say = async (textOf: (ip: string) => string): Promise<void> => {
    for (const ip of ['203.0.113.7', '203.0.113.8', '198.51.100.9']) fleet.at('fw1').drop('web1', textOf(ip));
    await fleet.bring('fw1', 'fw2');
  };
  await say(banText);
  await say(unbanText);
  cpSync(fleet.hub, backup, { recursive: true });
  await say(banText);
  Object.assign(context, { fleet, backup });
});

failures.after(async ({ fleet }) => {
  await fleet[Symbol.asyncDispose]();
});

Object.entries(HARMS).forEach(([what, { harm, undo, told }], index) => {
  failures(
    `lifts nothing where it ${what}, and brings all again when the other was there`,
    async (context) => {
      const { fleet, backup } = context;
      const before = await fleet.dropped('fw2');

      await harm(fleet, backup);
      await fleet.move('fw2');
      await fleet.look('fw2');
      const lifted = await fleet.liftedSince('fw2', before);
      const conditions = fleet.falseAt('fw2');
      await undo?.(fleet);
      fleet.at('fw1').drop('web1', banText(`203.0.113.${100 + index}`));
      await fleet.bring('fw1', 'fw2');

      assert.is(before.length, 3 + index);
      assert.is(lifted.length, 0, lifted.join());
      assert.equal(conditions, told);
      assert.is((await fleet.liftedSince('fw2', before)).length, 0);
      assert.is((await fleet.dropped('fw2')).length, 4 + index);
      assert.equal(fleet.falseAt('fw2'), []);
    },
  );
});

failures.run();
