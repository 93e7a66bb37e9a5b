import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lockoutFindings } from '../../src/doctor/diagnose-lockouts.ts';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('who is logged in by ssh');

const ANNA = '203.0.113.7';

/** A machine on which Anna is logged in from there. */
const withAnna = (sandbox: Sandbox): ReturnType<typeof worldOf> =>
  worldOf(sandbox, {
    findSessions: () => Promise.resolve([{ address: ANNA, who: 'anna is logged in (pts/1)' }]),
  });

const GOOD = [{ level: 'good', what: 'the policy and the bans do not drop an ssh session' }];

test('and denied by the policy is named in the words of status', async () => {
  await using sandbox = await Sandbox.open();
  const world = withAnna(sandbox);
  sandbox.writePolicy('deny:\n  - { net: 203.0.113.0/24 }\n');

  const findings = await lockoutFindings(world);
  const { problems } = await makePass(world);

  assert.equal(findings, [
    {
      level: 'bad',
      what: `policy.yaml line 2 denies ${ANNA}, from which anna is logged in (pts/1)`,
      mend: 'remove that line, or allow the address',
    },
  ]);
  assert.equal(
    problems.map(({ message }) => message),
    findings.map(({ what, mend }) => `${what}; fix: ${mend ?? ''}`),
  );
});

test('and banned, also by a file that waits in the spool, is named with the command that lifts it', async () => {
  await using sandbox = await Sandbox.open();
  const world = withAnna(sandbox);
  const before = await lockoutFindings(world);
  sandbox.drop('web1', banText('203.0.113.0/24'));
  const waiting = await lockoutFindings(world);
  await makePass(world);
  const enforced = await lockoutFindings(world);

  await sandbox.cli('unban', '203.0.113.0/24');

  assert.equal(before, GOOD);
  assert.equal(waiting, [
    {
      level: 'warn',
      what: `a ban of 203.0.113.0/24 drops ${ANNA}, from which anna is logged in (pts/1)`,
      mend: 'banspool unban 203.0.113.0/24, or allow the address',
    },
  ]);
  assert.equal(enforced, waiting);
  assert.equal(await lockoutFindings(world), GOOD);
});

test('and allowed is not locked out, whatever bans or denies the address', async () => {
  await using sandbox = await Sandbox.open();
  const world = withAnna(sandbox);
  sandbox.writePolicy(`deny:\n  - { net: 203.0.113.0/24 }\nallow:\n  - { net: ${ANNA} }\n`);
  sandbox.drop('web1', banText(ANNA));

  assert.equal(await lockoutFindings(world), GOOD);
});

test('has a line of doctor, but where a damaged state, which has its own, lets nobody know', async () => {
  await using sandbox = await Sandbox.open();
  const world = withAnna(sandbox);
  sandbox.drop('web1', banText(ANNA));
  await makePass(world);
  const isAboutAnna = ({ what }: { readonly what: string }): boolean => what.includes('logged in');
  const whole = await diagnose(world);
  writeFileSync(join(sandbox.state, 'claims/ipv4/203.yaml'), 'nonsense\n');

  const damaged = await diagnose(world);

  assert.equal(
    whole.filter(isAboutAnna).map(({ level }) => level),
    ['warn'],
  );
  assert.equal(damaged.filter(isAboutAnna), []);
  assert.ok(damaged.some(({ level, what }) => level === 'bad' && what.includes('claims/ipv4/203.yaml')));
});

test.run();
