import { existsSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { Mark } from '../../src/ledger/mark.ts';
import { millis } from '../claims/said.ts';
import { ledgerSuite } from './ledger-suite.ts';

const marking = ledgerSuite('the mark of a state');

marking('stands outside of the state, in two places, of which one is enough', async ({ world }) => {
  const mark = new Mark(world);
  await mark.begin(['ipv6']);
  await mark.noteCommit('c1');
  const [inRuntime = '', beside = ''] = mark.paths;

  truncateSync(inRuntime);
  const ofOther = await new Mark(world).read();
  rmSync(beside);
  const ofNone = await new Mark(world).read();

  assert.equal(ofOther, { state: world.config.state, commit: 'c1', pending: ['ipv6'] });
  assert.is(ofNone, undefined);
  assert.is(mark.isNoted, true);
});

marking('beside the state is written once a minute, the other with each commit', async ({ world }) => {
  let now = millis(0);
  const mark = new Mark({ ...world, now: () => now });
  const commits = (): readonly unknown[] =>
    mark.paths.map((path) => (JSON.parse(readFileSync(path, 'utf8')) as { readonly commit: string }).commit);
  await mark.noteCommit('c1');
  now += 60_000;
  await mark.noteCommit('c2');
  const soon = commits();
  now += 1;
  await mark.noteCommit('c3');

  assert.equal(
    [soon, commits()],
    [
      ['c2', 'c1'],
      ['c3', 'c3'],
    ],
  );
});

marking(
  'remembers families that are still to be adopted, of those that the config has',
  async ({ world }) => {
    await new Mark(world).begin(['ipv4', 'ipv6']);
    const ofOne = new Mark({ ...world, config: { ...world.config, families: ['ipv6'] } });

    const pending = await ofOne.pendingFamilies();
    await ofOne.begin([]);
    const after = await ofOne.pendingFamilies();

    assert.equal([pending, after], [['ipv6'], []]);
  },
);

marking('is read again when somebody else wrote it, and not otherwise', async ({ world }) => {
  let reads = 0;
  const read = async (path: string): Promise<string | undefined> => {
    reads += 1;
    return world.files.read(path);
  };
  const mark = new Mark({ ...world, files: { ...world.files, read } });
  await mark.noteCommit('c1');
  reads = 0;
  const known = [(await mark.read())?.commit, reads];
  await new Mark(world).noteCommit('c2');
  const others = (await mark.read())?.commit;
  for (const path of mark.paths) rmSync(path);

  assert.equal(known, ['c1', 0]);
  assert.is(others, 'c2');
  assert.is(await mark.read(), undefined);
});

marking('is gone when it is forgotten, but for families that are still to be adopted', async ({ world }) => {
  const mark = new Mark(world);
  await mark.noteCommit('c1');

  await mark.forget(['ipv4']);
  const left = await mark.read();
  await mark.forget([]);

  assert.equal(left, { state: world.config.state, commit: undefined, pending: ['ipv4'] });
  assert.equal(
    mark.paths.filter((path) => existsSync(path)),
    [],
  );
});

marking.run();
