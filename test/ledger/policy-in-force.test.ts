import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { StateRepository } from '../../src/ledger/git/git.ts';
import type { LedgerWorld } from '../../src/ledger/ledger-world.ts';
import { PolicyInForce } from '../../src/ledger/policy-in-force.ts';
import { formatTrial } from '../../src/policy/trial.ts';
import { millis } from '../claims/said.ts';
import { commit, ledgerSuite, write } from './ledger-suite.ts';

const inForce = ledgerSuite('the policy in force');

const allowing = (ip: string): string => `allow: [{ net: ${ip} }]\n`;
const DAMAGED = 'allow: [\n';
const RUN = { mayGuess: false, mayLack: false };

const open = (world: LedgerWorld): PolicyInForce =>
  new PolicyInForce(world, new StateRepository(world.config.state, world.run, world.files));

const allowed = ({ value }: PolicyInForce): string => value.allow.map(({ net }) => net.text).join();

inForce('is what people wrote, as soon as it is read again', async ({ world }) => {
  write(world, { 'policy.yaml': allowing('198.51.100.7') });
  const policy = open(world);
  await policy.refresh(RUN);
  const before = [allowed(policy), policy.isStale()];
  write(world, { 'policy.yaml': allowing('198.51.100.88') });
  const edited = policy.isStale();

  const problems = await policy.refresh(RUN);

  assert.equal([before, edited], [['198.51.100.7', false], true]);
  assert.equal([allowed(policy), problems], ['198.51.100.88', []]);
});

inForce(
  'stays the last good one while the file is damaged, and the file is not to be committed',
  async ({ world }) => {
    commit(world, { 'policy.yaml': allowing('198.51.100.7') });
    const policy = open(world);
    await policy.refresh(RUN);
    write(world, { 'policy.yaml': DAMAGED });

    const problems = await policy.refresh(RUN);

    assert.equal([allowed(policy), policy.isAsOnDisk], ['198.51.100.7', false]);
    assert.match(
      problems[0]?.message ?? '',
      /^policy.yaml line \d: .* the last good one stays in force; fix /,
    );
  },
);

inForce('is the last good one of git at a start on a damaged file', async ({ world }) => {
  const good = commit(world, { 'policy.yaml': allowing('198.51.100.7') });
  write(world, { 'policy.yaml': DAMAGED });
  const policy = open(world);

  const problems = await policy.refresh(RUN);

  assert.is(allowed(policy), '198.51.100.7');
  assert.match(problems[0]?.message ?? '', `checkout ${good.slice(0, 8)} -- policy.yaml`);
});

inForce('is left out where none is good, for who only looks: anybody else is stopped', async ({ world }) => {
  commit(world, { 'policy.yaml': DAMAGED });
  const looking = open(world);

  const stopped = await open(world)
    .refresh(RUN)
    .catch((error: unknown) => error);
  const problems = await looking.refresh({ ...RUN, mayGuess: true });

  assert.match(String(stopped), /policy.yaml line \d/);
  assert.is(allowed(looking), '');
  assert.match(problems[0]?.message ?? '', 'this command ignores the policy');
});

inForce('is empty where the file was meant to go, and damaged where it just went', async ({ world }) => {
  commit(world, { 'policy.yaml': allowing('198.51.100.7') });
  rmSync(join(world.config.state, 'policy.yaml'));
  const [meant, went] = [open(world), open(world)];

  const meantProblems = await meant.refresh({ ...RUN, mayLack: true });
  const wentProblems = await went.refresh(RUN);

  assert.equal([allowed(meant), meantProblems], ['', []]);
  assert.is(allowed(went), '198.51.100.7');
  assert.match(wentProblems[0]?.message ?? '', 'policy.yaml disappeared while it was read');
});

inForce('is one that is tried until its time, and then is taken back', async ({ world }) => {
  let now = millis(0);
  write(world, {
    'policy.yaml': allowing('198.51.100.7'),
    'policy.trial.yaml': formatTrial({ until: millis(60), text: allowing('203.0.113.7') }),
  });
  const policy = open({ ...world, now: () => now });
  await policy.refresh(RUN);
  const tried = [allowed(policy), policy.due, policy.news];
  now = millis(60);

  const isStale = policy.isStale();
  await policy.refresh(RUN);
  await policy.takeBackTrial();

  assert.equal(tried, ['203.0.113.7', millis(60), 'Try a policy until 2026-11-22 13:31:00 UTC']);
  assert.equal([isStale, allowed(policy), policy.due], [true, '198.51.100.7', Infinity]);
  assert.is(policy.news, 'Revert the unconfirmed policy');
  assert.not.ok(existsSync(join(world.config.state, 'policy.trial.yaml')));
});

inForce('of a predecessor is what the first change is told against', async ({ world }) => {
  commit(world, { 'policy.yaml': allowing('198.51.100.7') });
  write(world, { 'policy.yaml': allowing('198.51.100.88') });
  const policy = open(world);
  await policy.refresh(RUN);

  const before = await policy.exchangeTold(policy.value);
  const again = await policy.exchangeTold(policy.value);

  assert.equal(
    [before, again].map(({ allow }) => allow[0]?.net.text),
    ['198.51.100.7', '198.51.100.88'],
  );
});

inForce.run();
