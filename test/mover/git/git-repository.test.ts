import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { MAX_PUBLISHED_BYTES } from '../../../src/fleet/peer-file.ts';
import { GitRepository } from '../../../src/mover/git/git-repository.ts';
import { BanspoolError } from '../../../src/system/error.ts';
import { fleetOf, git, moverSuite, MOVER_WORLD, type Context } from '../mover-suite.ts';

const repository = moverSuite('the repository of the mover');

const REF = 'refs/heads/fw/fw1/claims';

const open = (context: Context): GitRepository =>
  new GitRepository(MOVER_WORLD, fleetOf(context, 'fw1'), context.hub);

const folderOf = ({ folder }: Context): string => join(folder, 'fw1/mover/git');

repository('is made where there is none, and keeps what is in it', async (context) => {
  const mine = open(context);
  await mine.open();
  const id = (await mine.git(['hash-object', '-w', '--stdin'], 'text')).trim();
  const { ino } = statSync(join(folderOf(context), 'HEAD'));

  await mine.open();
  const another = open(context);
  await another.open();

  assert.is(await another.git(['cat-file', 'blob', id]), 'text');
  assert.is(statSync(join(folderOf(context), 'HEAD')).ino, ino);
  assert.is(git(folderOf(context), ['rev-parse', '--is-bare-repository']), 'true\n');
});

repository('is made again where it was thrown away, and whole where it was cut', async (context) => {
  const mine = open(context);
  await mine.open();
  rmSync(folderOf(context), { recursive: true });
  await mine.open();
  const again = await mine.commitOf(REF);
  rmSync(join(folderOf(context), 'objects'), { recursive: true });
  const another = open(context);
  await another.open();

  assert.equal([again, await another.commitOf(REF)], [undefined, undefined]);
});

repository('tells in the line of git that has the cause what failed', async (context) => {
  const mine = open(context);
  await mine.open();
  const failureOf = async (...words: readonly string[]): Promise<unknown> =>
    mine.git(words).catch((error: unknown) => error);

  const said = await failureOf('push', 'hub', 'refs/heads/none');
  const silent = await failureOf('show-ref', '--quiet', '--verify', 'refs/heads/none');

  assert.instance(said, BanspoolError);
  assert.is((said as BanspoolError).code, 'command-failed');
  assert.match(
    (said as BanspoolError).message,
    /^git push: error: src refspec refs\/heads\/none does not match any$/,
  );
  assert.is((silent as BanspoolError).message, 'git show-ref: exit 1');
});

repository('heeds no configuration of who runs it', async (context) => {
  const home = join(context.folder, 'home');
  mkdirSync(join(home, 'hooks'), { recursive: true });
  writeFileSync(join(home, '.gitconfig'), `[remote "hub"]\n\turl = /nowhere\n[broken\n`);
  const before = process.env['HOME'];
  process.env['HOME'] = home;
  try {
    const mine = open(context);
    await mine.open();

    assert.is(await mine.git(['ls-remote', 'hub']), '');
    assert.not.match(await mine.git(['config', '--list', '--show-scope']), /^(?:global|system)\b/m);
  } finally {
    if (before === undefined) delete process.env['HOME'];
    else process.env['HOME'] = before;
  }
});

repository('runs no hook, and asks nobody but folders and ssh', async (context) => {
  const mine = open(context);
  await mine.open();
  const ran = join(context.folder, 'ran');
  mkdirSync(join(folderOf(context), 'hooks'), { recursive: true });
  writeFileSync(join(folderOf(context), 'hooks/pre-push'), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
  const tree = (await mine.git(['mktree'], '')).trim();
  const identity = ['-c', 'user.name=x', '-c', 'user.email=x@x'];
  const commit = (await mine.git([...identity, 'commit-tree', '-m', 'x', tree])).trim();

  await mine.git(['push', '--quiet', 'hub', `${commit}:${REF}`]);
  const refused = await mine.git(['ls-remote', 'http://127.0.0.1:1/']).catch((error: unknown) => error);

  assert.is(git(context.hub, ['rev-parse', REF]).trim(), commit);
  assert.not.ok(existsSync(ran));
  assert.match((refused as BanspoolError).message, "transport 'http' not allowed");
});

repository(
  'holds git, and what git starts, to limits of memory, of files and of the processor',
  async (context) => {
    const mine = open(context);
    await mine.open();

    const held = await mine.git(['-c', 'alias.held=!prlimit --noheadings --output RESOURCE,HARD', 'held']);

    const limitOf = (name: string): string => new RegExp(`^${name} +(\\S+)$`, 'm').exec(held)?.[1] ?? held;
    assert.equal(['AS', 'FSIZE', 'CPU'].map(limitOf), ['201326592', '67108864', '120']);
  },
);

repository('lists the files of a tree and of its two folders, and never what is below', async (context) => {
  const mine = open(context);
  await mine.open();
  const blob = (await mine.git(['hash-object', '-w', '--stdin'], 'text')).trim();
  const text = ['ipv4/203.yaml', 'ipv4/deep/x', 'ipv5/x', 'ipv6/2001.yaml', 'peer.yaml'].map(
    (path) => `M 100644 ${blob} ${path}\n`,
  );
  const head = `commit ${REF}\ncommitter x <x@x> 1 +0000\ndata 0\n`;
  await mine.git(['fast-import', '--quiet'], `${head}${text.join('')}\n`);

  const commit = (await mine.commitOf(REF)) ?? '';

  assert.equal(
    (await mine.filesOf(commit)).map(({ path }) => path),
    ['peer.yaml', 'ipv4/203.yaml', 'ipv6/2001.yaml'],
  );
});

repository('reads on without what was too large to be fetched, and can be tidied', async (context) => {
  const { hub } = context;
  git(hub, ['config', 'uploadpack.allowFilter', 'true']);
  const large = 'x'.repeat(MAX_PUBLISHED_BYTES + 1);
  const head = `commit ${REF}\ncommitter x <x@x> 1 +0000\ndata 0\n`;
  const file = (path: string, text: string): string =>
    `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`;
  git(hub, ['fast-import', '--quiet'], `${head}${file('large', large)}${file('small', 'text')}\n`);
  const ids = ['large', 'small'].map((path) => git(hub, ['rev-parse', `${REF}:${path}`]).trim());
  const mine = open(context);
  await mine.open();
  await mine.git(['fetch', '--quiet', 'hub', `${REF}:refs/peers/fw1/claims`]);

  const before = await mine.cat(ids);
  await mine.git(['gc', '--quiet', '--prune=now']);

  assert.equal([before, await mine.cat(ids)], Array(2).fill(`${ids[0]} missing\n${ids[1]} blob 4\ntext`));
});

repository.run();
