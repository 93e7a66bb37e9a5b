import * as assert from 'uvu/assert';
import { StateRepository } from '../../src/ledger/git/git.ts';
import type { LedgerWorld } from '../../src/ledger/ledger-world.ts';
import { committedPolicy, lastGoodPolicy } from '../../src/ledger/policy-in-git.ts';
import { commit, ledgerSuite } from './ledger-suite.ts';

const inGit = ledgerSuite('the policy in git');

const ALLOWING = 'allow: [{ net: 198.51.100.7 }]\n';
const DAMAGED = 'allow: [\n';

const repositoryOf = ({ config, run, files }: LedgerWorld): StateRepository =>
  new StateRepository(config.state, run, files);

inGit('is the newest that is not damaged', async ({ world }) => {
  commit(world, { 'policy.yaml': '{}\n' });
  const good = commit(world, { 'policy.yaml': ALLOWING });
  commit(world, { 'policy.yaml': DAMAGED });
  commit(world, { 'policy.yaml': `${DAMAGED}\n` });

  const found = await lastGoodPolicy(repositoryOf(world));

  assert.is(found?.commit, good.slice(0, 8));
  assert.equal(
    found?.policy.allow.map(({ net }) => net.text),
    ['198.51.100.7'],
  );
});

inGit('is none without a repository, and where each was damaged', async ({ world }) => {
  const without = await lastGoodPolicy(repositoryOf(world));
  commit(world, { 'policy.yaml': DAMAGED });

  assert.equal([without, await lastGoodPolicy(repositoryOf(world))], [undefined, undefined]);
  assert.is(await committedPolicy(repositoryOf(world), undefined), undefined);
});

inGit('as committed is told where it is not what is on disk', async ({ world }) => {
  commit(world, { 'policy.yaml': ALLOWING });

  const same = await committedPolicy(repositoryOf(world), ALLOWING);
  const other = await committedPolicy(repositoryOf(world), '{}\n');

  assert.is(same, undefined);
  assert.is(other?.allow.length, 1);
});

inGit.run();
