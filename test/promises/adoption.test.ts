/** Moving over from the article's scripts. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { preview } from '../../src/controller/preview.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the first start');

test('adopts the bans of the article’s scripts without touching a rule', async () => {
  await using sandbox = await Sandbox.open();
  await banAsTheArticle('fail2ban-ssh', '198.51.100.7', 'ssh');
  await banAsTheArticle('fail2ban-ssh', '198.51.100.8', 'ssh');
  const before = await iptablesRules();

  const pass = await makePass(worldOf(sandbox));

  assert.equal(pass.problems, []);
  assert.equal(await iptablesRules(), before);
  const listed = JSON.parse((await sandbox.cli('list', '--json')).stdout) as {
    bans: { ip: string; jail: string; ports: string; claims: { server: string }[] }[];
  };
  assert.equal(
    listed.bans.map(({ ip, jail, ports, claims }) => [ip, jail, ports, claims[0]?.server]),
    [
      ['198.51.100.7', 'ssh', '22', 'adopted'],
      ['198.51.100.8', 'ssh', '22', 'adopted'],
    ],
  );
});

test('tells the log how many it adopted, and for how long', async () => {
  await using sandbox = await Sandbox.open();
  for (let host = 1; host <= 30; host += 1)
    await iptables(
      host === 1 ? ['-N', 'fail2ban-ssh'] : ['-A', 'fail2ban-ssh', '-s', `198.51.100.${host}`, '-j', 'DROP'],
    );

  const first = await sandbox.cli('reconcile');
  const second = await sandbox.cli('reconcile');

  assert.match(
    first.stderr,
    'banspool: adopted 29 bans that stood on the firewall: each for 7 days, or until a server unbans it\n',
  );
  assert.not.match(second.stderr, 'adopted');
});

test('adopts again after a crash that came before the state was begun', async () => {
  await using sandbox = await Sandbox.open();
  await banAsTheArticle('fail2ban-ssh', '198.51.100.7', 'ssh');
  const before = await iptablesRules();
  const crash = new Error('power cut');
  const world = worldOf(sandbox);
  const failing = worldOf(sandbox, { files: { ...world.files, write: () => Promise.reject(crash) } });

  const failed = await makePass(failing);
  const second = await makePass(world);

  assert.equal(
    failed.problems.map(({ condition }) => condition),
    ['StateSaved'],
  );
  assert.equal(second.problems, []);
  assert.equal(await iptablesRules(), before);
  assert.is(second.bans, 1);
});

test('is only the first: a stray chain that comes later is no ban', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  await banAsTheArticle('fail2ban-ssh', '198.51.100.7', 'ssh');

  const pass = await makePass(worldOf(sandbox));

  assert.is(pass.bans, 0);
  assert.equal(await iptablesRules(), ['-P INPUT ACCEPT', '-P FORWARD ACCEPT', '-P OUTPUT ACCEPT']);
});

test('leaves adopted bans to the first server that unbans them', async () => {
  await using sandbox = await Sandbox.open();
  await banAsTheArticle('fail2ban-ssh', '198.51.100.7', 'ssh');
  await banAsTheArticle('fail2ban-ssh', '198.51.100.8', 'ssh');
  await makePass(worldOf(sandbox));
  // web2's fail2ban was moved over, and claims the second one itself by now.
  sandbox.drop('web2', banText('198.51.100.8', { jail: 'ssh' }));

  sandbox.drop('web1', unbanText('198.51.100.7', { jail: 'ssh' }));
  sandbox.drop('web1', unbanText('198.51.100.8', { jail: 'ssh' }));
  await makePass(worldOf(sandbox));

  const drops = (await iptablesRules()).filter((rule) => rule.includes('-j DROP'));
  assert.equal(drops, ['-A fail2ban-ssh -s 198.51.100.8/32 -j DROP']);
});

/** What banip.sh of 2015 runs on the firewall. */
async function banAsTheArticle(chain: string, ip: string, ports: string): Promise<void> {
  const rules = await iptablesRules();
  if (!rules.includes(`-N ${chain}`)) {
    await iptables(['-N', chain]);
    await iptables(['-A', chain, '-j', 'RETURN']);
    const jump = ['-p', 'tcp', '-m', 'multiport', '--dports', ports, '-j', chain];
    await iptables(['-I', 'FORWARD', ...jump]);
    await iptables(['-I', 'INPUT', ...jump]);
  }
  await iptables(['-I', chain, '1', '-s', ip, '-j', 'DROP']);
}

test('is over once there are claims: where only git is gone, no rule of ours is adopted', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  rmSync(join(sandbox.state, '.git'), { recursive: true });

  const { claimChanges } = await preview(worldOf(sandbox));
  const pass = await makePass(worldOf(sandbox));

  assert.equal(claimChanges, []);
  assert.equal([pass.problems, pass.claims, pass.bans], [[], 1, 1]);
  assert.is(await sandbox.git('status', '--porcelain'), '');
});

test.run();
