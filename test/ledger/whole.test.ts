import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerWorld } from '../../src/ledger/ledger-world.ts';
import { missingText, requireWhole, type Doubt } from '../../src/ledger/whole.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { commit, git, ledgerSuite, shell } from './ledger-suite.ts';

const test = ledgerSuite('a state of which something is missing');

const FILES = { 'policy.yaml': '{}\n', 'claims/ipv4/198.yaml': '[]\n', 'claims/ipv4/203.yaml': '[]\n' };

const look = async (world: LedgerWorld): Promise<Doubt | undefined> => requireWhole(world, new Ledger(world));

const failureOf = async (world: LedgerWorld): Promise<unknown> =>
  look(world).catch((error: unknown) => error);

test('stops who reads it, with the command that takes it back', async ({ world }) => {
  commit(world, FILES);
  const before = await look(world);
  for (const name of ['198', '203']) rmSync(join(world.config.state, `claims/ipv4/${name}.yaml`));

  const failure = await failureOf(world);
  const hint = failure instanceof BanspoolError ? failure.hint : undefined;
  shell(/^restore them: ([^;]+);/.exec(hint ?? '')?.[1] ?? 'false');

  assert.is(before, undefined);
  assert.match(String(failure), 'claims/ipv4/198.yaml');
  assert.is(await look(world), undefined);
  assert.is(git(world, 'status', '--porcelain'), '');
});

test('is told by the hundred without a command of a hundred names', async ({ world }) => {
  const names = Array.from({ length: 100 }, (_, index) => `servers/server-${index}.yaml`);
  commit(world, Object.fromEntries([...names, 'servers/stays.yaml'].map((name) => [name, '[]\n'])));
  for (const name of names) rmSync(join(world.config.state, name));

  const failure = await failureOf(world);

  assert.match(
    failure instanceof BanspoolError ? (failure.hint ?? '') : '',
    'run banspool doctor to see the command',
  );
});

test('is in doubt where git cannot tell, or its history is lost', async ({ world }) => {
  commit(world, FILES);
  const ledger = new Ledger(world);
  await ledger.mark.noteCommit(await ledger.repository.head.commit());
  rmSync(join(world.config.state, 'claims/ipv4/203.yaml'));
  truncateSync(join(world.config.state, '.git/HEAD'));
  const cut = await look(world);
  rmSync(join(world.config.state, '.git'), { recursive: true });
  const gone = await look(world);

  assert.equal([cut?.reason, gone?.reason], ['GitFailed', 'HistoryLost']);
});

test('is told in one sentence, for one file, for two and for many', () => {
  const told = [1, 2, 3, 4, 1_240].map((count) =>
    missingText(Array.from({ length: count }, (_, index) => `${index}`)),
  );

  assert.equal(told, [
    '0 is missing, but git has it',
    '0 and 1 are missing, but git has them',
    '0, 1 and 2 are missing, but git has them',
    '0, 1, 2 and 1 more file are missing, but git has them',
    '0, 1, 2 and 1,237 more files are missing, but git has them',
  ]);
});

test.run();
