import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../../../../src/cli/main.ts';
import { HeardIo } from '../../heard-io.ts';
import { eventually } from '../../../support/eventually.ts';
import { FleetOfSandboxes } from '../../../support/fleet.ts';
import { banText, intentText } from '../../../support/intent-text.ts';
import { makePass, worldOf } from '../../../support/pass.ts';
import { outputOf } from '../../../support/run-program.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('history');

test('of an address tells of a claim that a person wrote without quotes', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  mkdirSync(join(sandbox.state, 'claims/ipv4'), { recursive: true });
  writeFileSync(
    join(sandbox.state, 'claims/ipv4/203.yaml'),
    '- { ip: 203.0.114.7, server: local, jail: manual, since: 2026-01-01T00:00:00Z, until: null }\n',
  );
  const pass = await makePass(worldOf(sandbox));

  const all = await sandbox.cli('history');
  const one = await sandbox.cli('history', '203.0.114.7');

  assert.equal(pass.problems, []);
  assert.match(one.stdout, / {2}ban 203\.0\.114\.7 in manual /);
  assert.equal(one, all);
});

test('of an address that nothing was heard of says so', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('local', intentText({ intent: 'ban', jail: 'manual', ip: '10.0.0.0/8', reason: 'abuse' }));
  await makePass(worldOf(sandbox));

  const unknown = await sandbox.cli('history', '192.0.2.77');
  const asJson = await sandbox.cli('history', '192.0.2.77', '--json');

  assert.equal(unknown, {
    code: 0,
    stdout: '',
    stderr: 'banspool: the history has no event for 192.0.2.77\n',
  });
  assert.equal([asJson.code, asJson.stderr], [0, '']);
  assert.equal(JSON.parse(asJson.stdout), { version: 1, events: [], more: false });
});

test('is one line an event on any terminal, with the commit where there is room for it', async () => {
  await using sandbox = await Sandbox.open();
  const reason = 'much to tell '.repeat(15);
  sandbox.drop('web1', banText('203.0.113.7', { failures: 5, reason }));
  await makePass(worldOf(sandbox));

  const linesAt = async (width: number | undefined): Promise<readonly string[]> => {
    const io = new HeardIo({ width });
    assert.is(await main(['history', '--config', sandbox.configPath], io), 0, io.stderr);
    return io.stdout.trimEnd().split('\n');
  };
  const [narrow, wide, whole] = [await linesAt(80), await linesAt(120), await linesAt(undefined)];

  assert.equal([narrow.length, wide.length, whole.length], [1, 1, 1]);
  assert.match(narrow[0] ?? '', / UTC {2}ban 203\.0\.113\.7 in sshd by web1 for 10 min, 5 failures.*…$/);
  assert.is(narrow[0]?.length, 80);
  assert.match(wide[0] ?? '', /… {2}[0-9a-f]{8}$/);
  assert.match(whole[0] ?? '', /much to tell {2}[0-9a-f]{8}$/);
});

/** The words of each line, without its time and commit. */
async function told(sandbox: Sandbox, ...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await sandbox.cli('history', ...words);
  assert.is(code, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map(
      (line) => /UTC {2}(.*?)(?: (?:until|for) [^,]*| by \S+: .*)? {2}[0-9a-f]{8}/.exec(line)?.[1] ?? line,
    );
}

const NETS = [
  ...['96.0.0.0/3', '100.0.0.0/8', '100.66.0.0/16', '100.66.7.0/25', '100.66.7.9'],
  ...['2000::/4', '2001::/20', '2001:db8::/32', '2001:db8:0:7::/64', '2001:db8:0:7::9'],
];
const OTHERS = [
  '100.66.7.99',
  '100.66.7.128/25',
  '100.67.7.9',
  '2001:db8::9',
  '2001:db8:0:7::99',
  '3000::/4',
];

test('of an address tells of the nets around it, though they ended long ago, and of nothing beside it', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('limits: { servers: { local: { prefix4: 1, prefix6: 1 } } }\n');
  const bans = [...NETS, ...OTHERS].map((ip) => ['ban', ip]);
  for (const [intent = '', ip = ''] of bans)
    sandbox.drop('local', intentText({ intent, ip: `"${ip}"`, jail: 'manual', time: Date.now() / 1000 - 9 }));
  await makePass(worldOf(sandbox));
  await sandbox.cli('unban', '--all', '--yes');
  await makePass(worldOf(sandbox));

  const ipv4 = await told(sandbox, '100.66.7.9');
  const ipv6 = await told(sandbox, '2001:DB8:0:7:0::9');
  const inside = await told(sandbox, '100.66.0.0/15');
  const wide = await told(sandbox, '2001:db8::/31');

  const both = (nets: readonly string[]): readonly string[] =>
    nets.flatMap((net) => [`ban ${net} in manual by local`, `end ${net} in manual`]).sort();
  assert.equal([...ipv4].sort(), both(NETS.slice(0, 5)));
  assert.equal([...ipv6].sort(), both(NETS.slice(5)));
  assert.equal([...inside].sort(), both([...NETS.slice(0, 5), ...OTHERS.slice(0, 3)]));
  assert.equal([...wide].sort(), both([...NETS.slice(5), ...OTHERS.slice(3, 5)]));
});

test('says that nobody confirmed what was tried, in the very second in which it ended', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  const policy = join(sandbox.folder, 'new.yaml');
  writeFileSync(policy, 'deny:\n  - { net: 192.0.2.0/24 }\n');
  await sandbox.startController();
  for (const ip of ['203.0.113.7', '2001:db8::7']) await sandbox.cli('ban', ip, '--confirm', '2s', '--wait');
  await sandbox.cli('ban', '203.0.113.8', '--for', '2s', '--wait');
  await sandbox.cli('policy', 'apply', policy, '--confirm', '2s');

  await eventually(async () => {
    const { stdout } = await sandbox.cli('history');
    for (const ip of ['203.0.113.7', '2001:db8::7'])
      assert.match(stdout, `  end ${ip} in manual by local: it was not confirmed  `);
    assert.match(stdout, '  end 203.0.113.8 in manual by local: expired  ');
    assert.match(stdout, '  policy reverted: it was not confirmed  ');
  });
});

test('names the peer whose server banned, and whose operator lifted', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  const [fw1, fw2] = [fleet.at('fw1'), fleet.at('fw2')];
  fw2.drop('web1', banText('203.0.113.7'));
  fw1.drop('web1', banText('198.51.100.7'));
  await fleet.exchange('fw1', 'fw2');
  for (const ip of ['203.0.113.7', '198.51.100.7']) await fw2.cli('unban', ip);
  await fleet.exchange('fw2', 'fw1');

  const all = await fw1.cli('history');
  const own = await fw1.cli('history', '198.51.100.7');
  const asJson = await fw1.cli('history', '198.51.100.7', '--json');
  const log = await outputOf(['git', '-C', fw1.state, 'log', '--format=%B']);

  const said = (text: string): readonly string[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^.*? UTC {2}/, '').replace(/(?: (?:until|for) .*| {2}\w{8})$/, ''))
      .sort();
  assert.equal(said(own.stdout), [
    'ban 198.51.100.7 in sshd by web1',
    'lift 198.51.100.7 in every jail by fw2/local',
  ]);
  assert.equal(said(all.stdout), [
    'ban 198.51.100.7 in sshd by web1',
    'ban 203.0.113.7 in sshd by fw2/web1',
    'end 203.0.113.7 in sshd by fw2/web1: the operator of fw2 lifted it',
    'lift 198.51.100.7 in every jail by fw2/local',
    'lift 203.0.113.7 in every jail by fw2/local',
  ]);
  const { events } = JSON.parse(asJson.stdout) as { events: { kind: string; server: string }[] };
  assert.equal(
    events.map(({ kind, server }) => `${kind} ${server}`),
    ['lifted fw2/local', 'banned web1'],
  );
  assert.match(log, 'end 198.51.100.7 in sshd by web1: the operator of fw2 lifted it\n');
});

test.run();
