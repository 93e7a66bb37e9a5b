/** How an operator’s word comes into the spool, and what he hears of it who waits. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('an operator');

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
    /^banspool: warning: nobody makes a pass: .*\nbanspool: nothing claimed 192\.0\.2\.77\n/,
  );
});

test.run();
