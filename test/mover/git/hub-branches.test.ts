import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { GitMover } from '../../../src/mover/git/git-mover.ts';
import { GitRepository } from '../../../src/mover/git/git-repository.ts';
import { HubBranches } from '../../../src/mover/git/hub-branches.ts';
import type { RunOptions } from '../../../src/system/processes/run.ts';
import {
  failureOf,
  fleetOf,
  git,
  inboxOf,
  moverSuite,
  MOVER_WORLD,
  publish,
  type Context,
} from '../mover-suite.ts';

const crashes = moverSuite('a repository of the mover that a crash left');
const limits = moverSuite('a branch that cannot be fetched');
const crowds = moverSuite('a hub with more branches than the limit');

const SHARD = 'ipv4/203.yaml';
const refOf = (name: string): string => `refs/heads/fw/${name}/claims`;
const repositoryOf = (context: Context): string => join(fleetOf(context, 'fw2').folder, 'mover/git');
const inbox = (context: Context, peer: string) => inboxOf(fleetOf(context, 'fw2'), peer);

type Said = readonly [sequence: number, texts: Readonly<Record<string, string>>];

async function pushAs(context: Context, name: string, [sequence, texts]: Said) {
  const fleet = fleetOf(context, name);
  const published = publish(fleet, sequence, texts);
  await new GitMover(MOVER_WORLD, fleet, context.hub).push();
  return published;
}

function lock(path: string): (folder: string) => void {
  return (folder) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  };
}

function empty(pattern: RegExp): (folder: string) => void {
  return (folder) => {
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      pattern.test(path),
    );
    assert.ok(found.length > 0);
    for (const path of found) truncateSync(join(folder, path), 0);
  };
}

const LEFT: Readonly<Record<string, (folder: string) => void>> = {
  'the lock of a peer’s branch': lock('refs/peers/fw1/claims.lock'),
  'the lock of its own branch': lock('refs/heads/fw/fw2/claims.lock'),
  'a HEAD without a byte': empty(/^HEAD$/),
  'a peer’s branch without a byte': empty(/^refs\/peers\/fw1\/claims$/),
  'its own branch without a byte': empty(/^refs\/heads\/fw\/fw2\/claims$/),
  'objects without a byte': empty(/[0-9a-f]{38}$|\.pack$/),
  'an index of a pack without a byte': (folder) => {
    git(folder, ['repack', '-q', '-a', '-d']);
    empty(/\.idx$/)(folder);
  },
};

for (const [what, leave] of Object.entries(LEFT))
  crashes(`with ${what} is begun anew, and all is moved as before`, async (context) => {
    const fleet = fleetOf(context, 'fw2');
    await pushAs(context, 'fw1', [1, { [SHARD]: 'a\n' }]);
    await pushAs(context, 'fw2', [1, { [SHARD]: 'mine\n' }]);
    await new GitMover(MOVER_WORLD, fleet, context.hub).fetch();
    leave(repositoryOf(context));
    const there = await pushAs(context, 'fw1', [2, { [SHARD]: 'b\n' }]);
    publish(fleet, 2, { [SHARD]: 'mine, too\n' });

    const mover = new GitMover(MOVER_WORLD, fleet, context.hub);
    await mover.push();
    await mover.fetch();

    assert.equal(inbox(context, 'fw1'), there);
    assert.is(git(context.hub, ['cat-file', 'blob', `${refOf('fw2')}:${SHARD}`]), 'mine, too\n');
  });

crashes('is not begun anew where the hub is away', async (context) => {
  const fleet = fleetOf(context, 'fw2');
  await pushAs(context, 'fw2', [1, { [SHARD]: 'mine\n' }]);
  const mover = new GitMover(MOVER_WORLD, fleet, context.hub);
  const mark = join(repositoryOf(context), 'mark');
  writeFileSync(mark, '');
  rmSync(context.hub, { recursive: true });
  publish(fleet, 2, {});

  const failures = [await failureOf(mover.push()), await failureOf(mover.fetch())];

  assert.match(failures[0] ?? '', 'git push: ');
  assert.match(failures[1] ?? '', /git (ls-remote|fetch): /);
  assert.ok(readdirSync(repositoryOf(context)).includes('mark'));
});

/** Text that git makes little smaller. */
function noiseOf(lines: number, seed: number): string {
  return Array.from({ length: lines }, (_, index) => `${(index * 7919 + seed) ** 2}\n`).join('');
}

/** A world in which git is held to lower limits than elsewhere. */
function heldTo(lower: Partial<RunOptions['limits']>): typeof MOVER_WORLD {
  const run: typeof MOVER_WORLD.run = async (file, words, options) => {
    const { limits: given } = options ?? {};
    if (given === undefined) throw new Error(`${file} has no limits`);
    return MOVER_WORLD.run(file, words, { ...options, limits: { ...given, ...lower } });
  };
  return { ...MOVER_WORLD, run };
}

limits(
  'for its size keeps none of the others from being heard, and is heard when it is small',
  async (context) => {
    const fleet = fleetOf(context, 'fw2');
    const noise = noiseOf(40_000, 0);
    const mover = new GitMover(heldTo({ fileSize: 60_000 }), fleet, context.hub);
    await pushAs(context, 'fw1', [1, { [SHARD]: 'a\n' }]);
    await pushAs(context, 'fw3', [1, { [SHARD]: noise }]);

    const first = await failureOf(mover.fetch());
    const heard = inbox(context, 'fw1');
    const next = await pushAs(context, 'fw1', [2, { [SHARD]: 'b\n' }]);
    await pushAs(context, 'fw3', [2, { [SHARD]: `more${noise}` }]);
    const second = await failureOf(mover.fetch());
    const later = inbox(context, 'fw1');
    // Without what was before, which is too large.
    rmSync(join(fleetOf(context, 'fw3').folder, 'mover'), { recursive: true });
    const small = await pushAs(context, 'fw3', [3, { [SHARD]: 'c\n' }]);
    await mover.fetch();

    assert.match(first, /the branch of fw3: /);
    assert.match(second, /the branch of fw3: /);
    assert.is(heard[SHARD], 'a\n');
    assert.equal(later, next);
    assert.equal(inbox(context, 'fw3'), small);
  },
);

limits('for a passing cause is fetched again, though it did not change', async (context) => {
  await pushAs(context, 'fw1', [1, { [SHARD]: noiseOf(40_000, 0) }]);
  let lower: Partial<RunOptions['limits']> = { fileSize: 60_000 };
  const run: typeof MOVER_WORLD.run = async (...words) => heldTo(lower).run(...words);
  const repository = new GitRepository({ ...MOVER_WORLD, run }, fleetOf(context, 'fw2'), context.hub);
  const branches = new HubBranches(repository, { own: 'fw2', leaveOutMs: 0 });

  const first = await branches.fetch();
  lower = {};
  const second = await branches.fetch();

  assert.match(first.failures.join(), 'the branch of fw1: ');
  assert.equal([...second.commits.keys()], ['fw1']);
  assert.equal(second.failures, []);
});

crowds('is fetched from no more, and is again once it has few', async (context) => {
  const fleet = fleetOf(context, 'fw2');
  for (const name of ['fw1', 'fw2']) await pushAs(context, name, [1, { [SHARD]: 'a\n' }]);
  const known = new HubBranches(new GitRepository(MOVER_WORLD, fleet, context.hub), { own: 'fw2', most: 3 });
  await known.fetch();
  const others = ['a', 'b', 'c', 'd'];
  for (const name of others) git(context.hub, ['update-ref', refOf(name), refOf('fw1')]);
  const fresh = new HubBranches(new GitRepository(MOVER_WORLD, fleetOf(context, 'fw3'), context.hub), {
    own: 'fw3',
    most: 3,
  });

  const failures = [];
  for (const each of [known, fresh, known]) failures.push(await failureOf(each.fetch()));
  const left = [fleet, fleetOf(context, 'fw3')].map(({ folder }) =>
    existsSync(join(folder, 'mover/git/refs/peers/a')),
  );
  for (const name of others) git(context.hub, ['update-ref', '-d', refOf(name)]);
  const { commits } = await known.fetch();

  for (const failure of failures) assert.match(failure, 'the hub has 6 branches of firewalls, more than 3');
  assert.equal(left, [false, false]);
  assert.equal([...commits.keys()].sort(), ['fw1', 'fw2']);
});

limits('leaves nothing of it on the disk', async (context) => {
  const fleet = fleetOf(context, 'fw2');
  const files = Array.from(
    { length: 120 },
    (_, index) => [`ipv4/${index}.yaml`, noiseOf(4_000, index)] as const,
  );
  const mover = new GitMover(heldTo({ fileSize: 1_000_000 }), fleet, context.hub);
  await pushAs(context, 'fw1', [1, Object.fromEntries(files)]);

  for (let tries = 0; tries < 2; tries++) assert.match(await failureOf(mover.fetch()), /the branch of fw1: /);

  const left = readdirSync(join(repositoryOf(context), 'objects'), { recursive: true, encoding: 'utf8' });
  assert.equal(
    left.filter((path) => path.includes('tmp_')),
    [],
  );
});

crashes.run();
limits.run();
crowds.run();
