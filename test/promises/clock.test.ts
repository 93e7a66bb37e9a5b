/** Promise 5: a clock that is set right lifts no ban before its time. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { steady } from '../../src/system/host.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText, snapshotText, unbanText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a clock that is an hour behind until it is set right');

const HOUR_MS = 3600_000;

const behind = { now: () => Date.now() - HOUR_MS, steady };

async function drops(): Promise<readonly string[]> {
  const rules = await iptablesRules();
  return rules.flatMap((rule) => /^-A fail2ban-sshd -s (\S+)\/32 -j DROP$/.exec(rule)?.[1] ?? []).sort();
}

interface Listed {
  readonly bans: readonly { readonly ip: string; readonly claims: readonly { readonly until: string }[] }[];
}

test('shortens no ban that came meanwhile, told by itself or in a list', async () => {
  await using sandbox = await Sandbox.open();
  const memory = freshMemory(worldOf(sandbox));
  const came = Date.now();
  sandbox.drop('web1', banText('198.51.100.7'));
  sandbox.drop('web2', snapshotText(['198.51.100.8'], {}, 600));
  await makePass(worldOf(sandbox, behind), memory);

  const pass = await makePass(worldOf(sandbox), memory, 'quick');
  const { stdout } = await sandbox.cli('list', '--json');

  assert.equal(pass.problems, []);
  assert.equal(await drops(), ['198.51.100.7', '198.51.100.8']);
  for (const { ip, claims } of (JSON.parse(stdout) as Listed).bans) {
    const length = Date.parse(claims[0]?.until ?? '') - came;
    assert.ok(length >= 590_000 && length <= 600_000 + Date.now() - came, `${ip}: ${length} ms`);
  }
});

test('shortens none either when another process saw the ban come, or makes the next pass', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox, behind));

  await makePass(worldOf(sandbox));
  await makePass(worldOf(sandbox));

  assert.equal(await drops(), ['198.51.100.7']);
});

test('has what only looks tell of the ban as the next pass will keep it', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox, behind));

  const plan = await sandbox.cli('plan');
  const list = await sandbox.cli('list', '--json');
  const why = await sandbox.cli('why', '198.51.100.7');

  assert.is(plan.stdout, 'nothing to change\n');
  assert.equal(
    (JSON.parse(list.stdout) as Listed).bans.map(({ ip }) => ip),
    ['198.51.100.7'],
  );
  assert.match(why.stdout, '198.51.100.7 is dropped on 22/tcp\n');
});

test('lets it go when its length is over, by a clock that nobody sets', async () => {
  await using sandbox = await Sandbox.open();
  const memory = freshMemory(worldOf(sandbox));
  const came = performance.now();
  sandbox.drop('web1', banText('198.51.100.7', { bantime: 4 }));
  await makePass(worldOf(sandbox, behind), memory);
  await makePass(worldOf(sandbox), memory);
  const dropped = await drops();
  const then = performance.now() - came;

  await eventually(async () => {
    await makePass(worldOf(sandbox), memory, 'quick');
    assert.equal(await drops(), []);
  });

  // On a machine so busy that its time was over before, there is nothing to see.
  if (then < 4_000) assert.equal(dropped, ['198.51.100.7']);
  assert.ok(performance.now() - came >= 4_000);
});

test('keeps no ban that its server ends afterwards', async () => {
  await using sandbox = await Sandbox.open();
  const memory = freshMemory(worldOf(sandbox));
  for (const ip of ['198.51.100.7', '198.51.100.8', '198.51.100.9']) sandbox.drop('web1', banText(ip));
  await makePass(worldOf(sandbox, behind), memory);
  sandbox.drop('web1', unbanText('198.51.100.7'));
  await makePass(worldOf(sandbox), memory);
  sandbox.drop('web1', snapshotText(['198.51.100.8'], { time: Date.now() / 1000 + 1 }));
  await makePass(worldOf(sandbox), memory);

  assert.equal(await drops(), ['198.51.100.8']);
});

test('is no matter where only a server’s clock is ahead: its ban has its length', async () => {
  await using sandbox = await Sandbox.open();
  const memory = freshMemory(worldOf(sandbox));
  sandbox.drop('web1', banText('198.51.100.7', { time: Date.now() / 1000 + 7200, bantime: 1 }));
  await makePass(worldOf(sandbox), memory);

  await eventually(async () => {
    await makePass(worldOf(sandbox), memory, 'quick');
    assert.equal(await drops(), []);
  });
});

test('shortens no ban where the runtime folder cannot be written, as long as the controller lives', async () => {
  await using sandbox = await Sandbox.open();
  const memory = freshMemory(worldOf(sandbox));
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox, behind), memory);
  rmSync(join(sandbox.folder, 'early-bans.json'));

  await makePass(worldOf(sandbox), memory, 'quick');

  assert.equal(await drops(), ['198.51.100.7']);
});

test.run();
