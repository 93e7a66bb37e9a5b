/** How an operator’s word comes into the spool, and what he hears of it who waits. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  waitUntilAllEnforced,
  waitUntilEnforced,
  writeIntent,
  type Written,
} from '../../src/cli/write-intent.ts';
import { netOf } from '../../src/domain/net.ts';
import type { BanIntent } from '../../src/intent/intent.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('an operator');

const BAN: BanIntent = { intent: 'ban', jail: 'sshd', ip: netOf('198.51.100.7'), time: 0, until: Infinity };

test('who looks late at what became of his word is told as soon as he looks', async () => {
  await using sandbox = await Sandbox.open();
  await using operator = new Child(sandbox.command('unban', '192.0.2.77', '--wait'));
  await eventually(() => {
    assert.ok(
      sandbox.waiting().some((name) => name.endsWith('.yaml')),
      operator.stderr,
    );
  });
  operator.process.kill('SIGSTOP');

  await sandbox.startController();
  await eventually(() => {
    assert.ok(Date.now() - Date.parse(sandbox.status().updatedAt) > 500);
  });
  operator.process.kill('SIGCONT');

  assert.is(await operator.ended, 1);
  assert.match(
    operator.stderr,
    /^banspool: warning: no pass is due: .*\nbanspool: no claim on 192\.0\.2\.77\n/,
  );
});

test('who waits hears why the controller refused it', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('limits: { servers: { local: { jails: [manual] } } }\n');
  const world = worldOf(sandbox);
  const written = await writeIntent(world, { ...BAN, time: Date.now() });
  await makePass(world);

  const heard = await waitUntilEnforced(world, written).catch((error: unknown) => error);

  assert.match(String(heard), 'refused: jail: policy.yaml allows local only manual, not "sshd"');
});

test('who waits for several files hears how many are left, and of one that was refused', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('limits: { servers: { local: { jails: [manual, sshd] } } }\n');
  await sandbox.startController();
  const world = worldOf(sandbox);
  const write = async (jail: string): Promise<Written> =>
    writeIntent(world, { ...BAN, jail, time: Date.now() });
  const left: number[] = [];

  const written = [await write('manual'), await write('sshd'), await write('sshd')];
  const judgement = await waitUntilAllEnforced(world, written, (count) => left.push(count));
  const refused = [await write('manual'), await write('nginx'), await write('sshd')];
  const heard = await waitUntilAllEnforced(world, refused, () => undefined).catch((error: unknown) => error);

  assert.equal(judgement.enforced.map(({ jail }) => jail).sort(), ['manual', 'sshd']);
  assert.ok(left.every((count) => count < written.length));
  assert.match(String(heard), 'refused: jail: policy.yaml allows local only manual, sshd, not "nginx"');
});

test('who cannot write into the spool is told as whom he can', async () => {
  await using sandbox = await Sandbox.open();
  writeFileSync(join(sandbox.spool, 'local'), '');

  const failed = await writeIntent(worldOf(sandbox), BAN).catch((error: unknown) => error);

  assert.instance(failed, BanspoolError);
  const { code, message, hint } = failed as BanspoolError;
  assert.is(code, 'io');
  assert.match(message, `cannot write to ${sandbox.spool}/local: `);
  assert.match(hint ?? '', `; see ls -ld ${sandbox.spool}/local`);
});

test.run();
