import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { MAX_PUBLISHED_BYTES } from '../../../src/fleet/peer-file.ts';
import { GitMover } from '../../../src/mover/git/git-mover.ts';
import { importText } from '../../../src/mover/git/git-objects.ts';
import {
  failureOf,
  fleetOf,
  git,
  inboxOf,
  makeHub,
  moverSuite,
  MOVER_WORLD,
  publication,
  publish,
  PUBLISHED,
  type Context,
} from '../mover-suite.ts';

const mover = moverSuite('the mover');

const SHARD = 'ipv4/203.yaml';
const LIFTS = 'lifts.yaml';

const refOf = (name: string): string => `refs/heads/fw/${name}/claims`;

const open = (context: Context, name: string): GitMover =>
  new GitMover(MOVER_WORLD, fleetOf(context, name), context.hub);

/** Publishes and pushes as fw1, and returns what that was. */
async function push(
  context: Context,
  by: GitMover,
  [sequence, texts]: readonly [number, Readonly<Record<string, string>>],
) {
  const published = publish(fleetOf(context, 'fw1'), sequence, texts);
  assert.is(await by.push(), true);
  return published;
}

/** What fw2 has of a peer. */
const inbox = (context: Context, peer = 'fw1') => inboxOf(fleetOf(context, 'fw2'), peer);

/** Writes a commit of these files into the hub past any mover, as a peer can that is not as it should be. */
function writeHub({ hub }: Context, name: string, texts: Readonly<Record<string, string>>): void {
  const files = new Map(Object.entries(texts));
  const text = importText({ ref: refOf(name), name, time: PUBLISHED, parent: undefined, files, gone: [] });
  git(hub, ['fast-import', '--quiet', '--force'], text);
}

/** The id of a new blob of the hub. */
function blobOf({ folder, hub }: Context, bytes: Buffer): string {
  writeFileSync(join(folder, 'blob'), bytes);
  return git(hub, ['hash-object', '-w', '--no-filters', join(folder, 'blob')]).trim();
}

const commitsOf = (hub: string, name: string): readonly string[] =>
  git(hub, ['rev-list', refOf(name)])
    .trim()
    .split('\n');

mover('brings to another what one published, and what changed of it', async (context) => {
  const [one, other] = [open(context, 'fw1'), open(context, 'fw2')];

  const first = await push(context, one, [1, { [SHARD]: 'ä\n', [LIFTS]: 'no newline' }]);
  await other.fetch();
  const atFirst = inbox(context);
  const second = await push(context, one, [2, { [SHARD]: 'changed\n', 'ipv6/20.yaml': 'new\n' }]);
  await other.fetch();
  publish(fleetOf(context, 'fw2'), 1, {});
  await other.push();
  // The second one brings the own branch too.
  for (const each of [one, one]) await each.fetch();

  assert.equal(atFirst, first);
  // What is not named any more is left: peer.yaml tells what counts.
  assert.equal(inbox(context), { ...second, [LIFTS]: 'no newline' });
  assert.is(git(context.hub, ['ls-tree', '-r', '--name-only', refOf('fw1')]).includes(LIFTS), false);
  assert.equal(inboxOf(fleetOf(context, 'fw1'), 'fw1'), {}, 'its own');
});

mover('pushes nothing that is half written, or where nothing was published', async (context) => {
  const one = open(context, 'fw1');
  const out = join(fleetOf(context, 'fw1').folder, 'out');

  const none = await one.push();
  publish(fleetOf(context, 'fw1'), 1, { [SHARD]: 'a\n' });
  writeFileSync(join(out, SHARD), 'b\n');
  const changed = await one.push();
  rmSync(join(out, SHARD));
  const missing = await one.push();
  publish(fleetOf(context, 'fw1'), 2, {});
  rmSync(join(out, 'peer.yaml.sig'));
  const unsigned = await one.push();

  assert.equal([none, changed, missing, unsigned], [false, false, false, false]);
  assert.is(git(context.hub, ['for-each-ref']), '');
});

mover('reads and writes only what changed, and peer.yaml last', async (context) => {
  const one = open(context, 'fw1');
  const written: string[] = [];
  let asked = '';
  const fleet = fleetOf(context, 'fw2');
  const world: typeof MOVER_WORLD = {
    files: {
      ...MOVER_WORLD.files,
      write: async (path, text) => {
        written.push(path.slice(join(fleet.folder, 'in/').length));
        await MOVER_WORLD.files.write(path, text);
      },
    },
    run: async (file, words, options) => {
      if (words.includes('cat-file')) asked += options?.input ?? '';
      return MOVER_WORLD.run(file, words, options);
    },
  };
  const other = new GitMover(world, fleet, context.hub);
  await push(context, one, [1, { [SHARD]: 'same\n', [LIFTS]: 'old\n' }]);
  await other.fetch();
  [asked, written.length] = ['', 0];

  await push(context, one, [2, { [SHARD]: 'same\n', [LIFTS]: 'new\n' }]);
  await other.fetch();
  await other.fetch();

  assert.equal(written, ['fw1/lifts.yaml', 'fw1/peer.yaml.sig', 'fw1/peer.yaml']);
  assert.is(asked.trim().split('\n').length, 3);
});

mover('gives a hub that lost the branch, or all that it had, what was published', async (context) => {
  const { hub } = context;
  const [one, other] = [open(context, 'fw1'), open(context, 'fw2')];
  const published = await push(context, one, [1, { [SHARD]: 'a\n' }]);
  publish(fleetOf(context, 'fw2'), 1, {});
  await other.push();
  await one.fetch();
  const [commit] = commitsOf(hub, 'fw1');

  git(hub, ['update-ref', '-d', refOf('fw1')]);
  await one.fetch();
  const again = commitsOf(hub, 'fw1');
  rmSync(hub, { recursive: true });
  makeHub(hub);
  for (const each of [one, other, one]) await each.fetch();

  assert.equal([again, commitsOf(hub, 'fw1')], [[commit], [commit]]);
  assert.equal(inbox(context), published);
});

mover('pushes whole what it could not push before, in one commit', async (context) => {
  const { hub } = context;
  const [one, other] = [open(context, 'fw1'), open(context, 'fw2')];
  await push(context, one, [1, { [SHARD]: 'a\n' }]);
  renameSync(hub, `${hub}.away`);
  publish(fleetOf(context, 'fw1'), 2, { [SHARD]: 'b\n' });
  for (let tries = 0; tries < 3; tries++) assert.match(await failureOf(one.push()), 'git push: ');
  renameSync(`${hub}.away`, hub);

  const last = await push(context, one, [3, { [SHARD]: 'a\n' }]);
  await other.fetch();

  assert.equal(inbox(context), last);
  assert.is(commitsOf(hub, 'fw1').length, 3);
});

for (const allowFilter of ['true', 'false'])
  mover(
    `passes over a file that is too large, and takes the rest, where the hub's filter is ${allowFilter}`,
    async (context) => {
      git(context.hub, ['config', 'uploadpack.allowFilter', allowFilter]);
      const other = open(context, 'fw2');
      const large = 'x'.repeat(MAX_PUBLISHED_BYTES + 1);
      const small = publication('fw1', 1, { [SHARD]: 'a\n' });
      writeHub(context, 'fw1', { ...small, [LIFTS]: large });
      const id = git(context.hub, ['rev-parse', `${refOf('fw1')}:${LIFTS}`]).trim();
      const repository = join(fleetOf(context, 'fw2').folder, 'mover/git');

      await other.fetch();
      const without = inbox(context);
      const stored = git(repository, ['cat-file', '--batch-check'], `${id}\n`);
      writeHub(context, 'fw1', { ...small, [LIFTS]: large.slice(1) });
      await other.fetch();

      assert.equal(without, small);
      assert.is(stored.includes('missing'), allowFilter === 'true');
      assert.is(inbox(context)[LIFTS]?.length, MAX_PUBLISHED_BYTES);
    },
  );

mover('takes in time what it had passed over, though that did not change', async (context) => {
  const other = open(context, 'fw2');
  const [broken, rest] = [blobOf(context, Buffer.from([0xe4, 0x0a])), blobOf(context, Buffer.from('rest\n'))];
  const commit = (first: string): void => {
    const lines = [`M 100644 ${first} ipv4/1.yaml`, `M 100644 ${rest} ipv4/2.yaml`];
    const head = `reset ${refOf('fw1')}\n\ncommit ${refOf('fw1')}\ncommitter x <x@x> 1 +0000\ndata 0\n`;
    git(context.hub, ['fast-import', '--quiet', '--force'], `${head}${lines.join('\n')}\n\n`);
  };

  commit(broken);
  await other.fetch();
  const atFirst = inbox(context);
  commit(rest);
  await other.fetch();

  assert.equal(atFirst, {});
  assert.equal(inbox(context), { 'ipv4/1.yaml': 'rest\n', 'ipv4/2.yaml': 'rest\n' });
});

mover('takes no link, no program, and nothing of a name that nobody publishes', async (context) => {
  const other = open(context, 'fw2');
  const lines = [
    `M 100644 inline ${SHARD}\ndata 2\na\n`,
    ...[`M 120000 inline ${LIFTS}\ndata 11\n/etc/passwd`, 'M 100755 inline peer.yaml\ndata 2\nx\n'],
    ...['M 100644 inline ipv4/evil.yaml\ndata 2\nx\n', 'M 100644 inline README\ndata 2\nx\n'],
    ...['M 100644 inline ipv4/1.yaml/2.yaml\ndata 2\nx\n', `M 160000 ${'1'.repeat(40)} ipv6`],
  ];
  const head = `commit ${refOf('fw1')}\ncommitter x <x@x> 1 +0000\ndata 0\n`;
  git(context.hub, ['fast-import', '--quiet'], `${head}${lines.join('\n')}\n\n`);

  await other.fetch();

  assert.equal(inbox(context), { [SHARD]: 'a\n' });
});

mover('hears the others where one has more files than there can be, and tells of it', async (context) => {
  const [one, other] = [open(context, 'fw1'), open(context, 'fw2')];
  const many = Array.from({ length: 700 }, (_, index) => [`ipv4/${index}.yaml`, 'x\n'] as const);
  writeHub(context, 'fw0', Object.fromEntries(many));
  const published = await push(context, one, [1, { [SHARD]: 'a\n' }]);
  publish(fleetOf(context, 'fw2'), 1, {});
  await other.push();
  git(context.hub, ['update-ref', '-d', refOf('fw2')]);

  const failure = await failureOf(other.fetch());

  assert.match(failure, 'the branch of fw0 has more than 600 files');
  assert.equal(inbox(context), published);
  assert.equal(inbox(context, 'fw0'), {});
  assert.is(commitsOf(context.hub, 'fw2').length, 1);
});

mover('takes a branch that was written anew, as by a mover whose repository is gone', async (context) => {
  const [one, other] = [open(context, 'fw1'), open(context, 'fw2')];
  await push(context, one, [1, { [SHARD]: 'a\n' }]);
  await push(context, one, [2, { [SHARD]: 'b\n' }]);
  await other.fetch();
  rmSync(join(fleetOf(context, 'fw1').folder, 'mover/git'), { recursive: true });

  const published = await push(context, open(context, 'fw1'), [3, { [SHARD]: 'c\n' }]);
  await other.fetch();

  assert.is(commitsOf(context.hub, 'fw1').length, 1);
  assert.equal(inbox(context), published);
});

mover('goes on above what an earlier mover pushed, and pushes nothing twice', async (context) => {
  const { hub } = context;
  await push(context, open(context, 'fw1'), [1, { [SHARD]: 'a\n', [LIFTS]: 'x\n' }]);
  const [first] = commitsOf(hub, 'fw1');

  const later = open(context, 'fw1');
  await later.push();
  const same = commitsOf(hub, 'fw1');
  await push(context, later, [2, { [SHARD]: 'b\n' }]);

  assert.equal(same, [first]);
  assert.equal(commitsOf(hub, 'fw1').slice(1), [first]);
  assert.is(git(hub, ['ls-tree', '-r', '--name-only', refOf('fw1')]), `${SHARD}\npeer.yaml\npeer.yaml.sig\n`);
});

mover('begins a new root after a thousand commits', async (context) => {
  const { hub } = context;
  await push(context, open(context, 'fw1'), [1, { [SHARD]: 'a\n' }]);
  const own = join(fleetOf(context, 'fw1').folder, 'mover/git');
  const empty = `commit ${refOf('fw1')}\ncommitter x <x@x> 1 +0000\ndata 0\n`;
  const from = `from ${refOf('fw1')}^0\n\n`;
  git(own, ['fast-import', '--quiet'], `${empty}${from}${`${empty}\n`.repeat(997)}`);
  const later = open(context, 'fw1');

  await push(context, later, [2, { [SHARD]: 'a\n' }]);
  const atMost = commitsOf(hub, 'fw1').length;
  const published = await push(context, later, [3, { [SHARD]: 'a\n' }]);
  const { length } = commitsOf(hub, 'fw1');
  const other = open(context, 'fw2');
  await other.fetch();

  assert.equal([atMost, length], [1000, 1]);
  assert.equal(inbox(context), published);
});

mover('keeps what a peer published where the hub lost it', async (context) => {
  const [one, other] = [open(context, 'fw1'), open(context, 'fw2')];
  const published = await push(context, one, [1, { [SHARD]: 'a\n' }]);
  await other.fetch();
  git(context.hub, ['update-ref', '-d', refOf('fw1')]);

  await other.fetch();

  assert.ok(existsSync(join(fleetOf(context, 'fw2').folder, 'mover/git/HEAD')));
  assert.equal(inbox(context), published);
});

mover.run();
