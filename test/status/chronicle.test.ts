import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Problem } from '../../src/domain/conditions.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { Chronicle, readRecord } from '../../src/status/chronicle.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { passOf } from './pass-of.ts';

const chronicles = suite('what passes found');

const DAMAGED: Problem = { condition: 'PolicyValid', reason: 'Damaged', message: 'line 1' };

chronicles('is told by the next process too, until its first pass', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  const before = new Chronicle(world, memory);
  sandbox.drop('web1', banText('198.51.100.7'));
  sandbox.drop('web1', 'intent: none\n...\n');
  memory.spool.rejector.discarded.set('web1', 2);
  before.passed(await makePass(world, memory));
  before.write();

  const after = new Chronicle(world, freshMemory(world)).record();

  const { bans, servers, converged, passes } = sandbox.status();
  assert.equal([bans, converged, passes.length], [1, true, 1]);
  assert.equal(
    servers.map(({ name, intents, refused, discarded }) => [name, intents, refused, discarded]),
    [['web1', 1, 1, 2]],
  );
  assert.equal([after.bans, after.converged, after.servers], [1, false, servers]);
  assert.is(readRecord({ ...world.config, state: '/another' }), undefined);
});

chronicles('keeps ten passes, of which those that found nothing make room for others', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const mine = new Chronicle(world, freshMemory(world));
  for (let intents = 1; intents <= 12; intents += 1) mine.passed(passOf({ intents }));
  for (let count = 0; count < 5; count += 1) mine.passed(passOf());

  mine.passed(passOf({ intents: 13 }));

  assert.equal(
    mine.record().passes.map(({ intents }) => intents),
    [13, 12, 11, 10, 9, 8, 7, 6, 5, 4],
  );
});

chronicles(
  'holds the problems of the last pass, and of what only full ones look at those of the last full one',
  async () => {
    await using sandbox = await Sandbox.open();
    const world = worldOf(sandbox);
    const mine = new Chronicle(world, freshMemory(world));
    const lost: Problem = { condition: 'SavedRulesLoad', reason: 'SetMissing', message: 'after a boot' };
    mine.passed(passOf({ problems: [DAMAGED, lost] }));
    const damaged = mine.record();
    mine.passed(passOf({ kind: 'quick' }));
    const mended = mine.record();
    mine.passed(passOf());

    const typesOf = ({ conditions }: typeof damaged): readonly string[] =>
      conditions.filter(({ status }) => status === 'False').map(({ type }) => type);
    assert.equal([damaged, mended, mine.record()].map(typesOf), [
      ['PolicyValid', 'SavedRulesLoad'],
      ['SavedRulesLoad'],
      [],
    ]);
  },
);

chronicles('counts failures in a row, and tells of each what it was', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const mine = new Chronicle(world, freshMemory(world));
  const conditions: (string | undefined)[] = [];
  for (const code of ['locked', 'damaged-state', 'io'] as const) {
    mine.failed(new BanspoolError(code, 'no'), { kind: 'full', startedAt: world.now() });
    conditions.push(mine.passProblems[0]?.condition);
  }
  const failed = mine.record();
  mine.passed(passOf());

  assert.equal(conditions, ['Unlocked', 'StateReadable', 'Converged']);
  assert.equal([failed.failuresInARow, failed.converged, failed.lastPass?.problem], [3, false, 'no']);
  assert.equal([mine.record().failuresInARow, mine.record().converged], [0, true]);
});

chronicles.run();
