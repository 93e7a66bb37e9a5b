import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptables } from '../support/firewall.ts';
import { banText, snapshotText, unbanText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped, untilLetThrough, watchLetThrough } from '../support/until-dropped.ts';

const test = suite('the controller');

const ATTACKER = '198.51.100.7';

test('enforces an intent as soon as it is in the spool', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();

  sandbox.drop('web1', banText(ATTACKER));
  await untilDropped(ATTACKER);
  sandbox.drop('web1', unbanText(ATTACKER));

  await untilLetThrough(ATTACKER);
});

test('lets an address through within a second of the end of its ban, though no unban comes', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();

  const time = Date.now();
  sandbox.drop('web1', banText(ATTACKER, { time: time / 1000, bantime: 5 }));
  await untilDropped(ATTACKER);
  const { after, before } = await watchLetThrough(ATTACKER);

  const end = time + 5_000;
  assert.ok(before >= end && after < end + 1_000, `${after - end} to ${before - end} ms late`);
});

test('repairs what another program flushed with the next full pass, and says so', async () => {
  await using sandbox = await Sandbox.open({ config: { interval: '1s' } });
  const controller = await sandbox.startController();
  sandbox.drop('web1', banText(ATTACKER));
  // The whole pass: what is flushed while it still looks whether all went well, it repairs without a word.
  await eventually(() => {
    assert.is(sandbox.status().bans, 1);
  });

  await iptables(['-F']);

  await untilDropped(ATTACKER);
  await eventually(() => {
    assert.match(controller.stderr, /warning: drift: /);
  });
});

test('shares the state with a reconcile that runs beside it', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  for (let host = 1; host <= 20; host += 1) sandbox.drop('web1', banText(`198.51.100.${host}`));

  const runs = await Promise.all([sandbox.cli('reconcile'), sandbox.cli('reconcile')]);

  assert.equal(
    runs.map(({ code }) => code),
    [0, 0],
    runs.map(({ stderr }) => stderr).join(''),
  );
  await eventually(() => {
    assert.is(sandbox.status().bans, 20);
  });
  assert.is(await sandbox.git('status', '--porcelain'), '');
});

test('gives back what ten thousand claims left behind, once, when it is done with them', async () => {
  await using sandbox = await Sandbox.open();
  const [node = '', ...words] = sandbox.command('run');
  await using controller = new Child([node, '--trace-gc', ...words]);
  const many = Array.from({ length: 10_000 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);

  sandbox.drop('web1', snapshotText(many.slice(0, 5_000)));
  await eventually(() => {
    assert.is(sandbox.status().claims, 5_000);
  });
  assert.is(askedFor(controller), 0);
  sandbox.drop('web1', snapshotText(many));

  await eventually(() => {
    assert.is(askedFor(controller), 1);
  }, 20_000);
  assert.is(sandbox.status().claims, 10_000);
});

/** Collections that were asked for, and not V8's own idea. */
function askedFor({ stdout }: Child): number {
  return stdout.match(/Mark-Compact .* testing; /gi)?.length ?? 0;
}

test.run();
