import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText, intentText } from '../../support/intent-text.ts';
import { makePass, worldOf } from '../../support/pass.ts';
import { outputOf } from '../../support/run-program.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('history');

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

test('tells of the newest entries of all kinds together, as many as are asked for', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  const pass = async (): Promise<unknown> => makePass(worldOf(sandbox));
  await pass();
  sandbox.writePolicy('deny:\n  - { net: 192.0.2.0/24 }\n');
  await pass();
  for (const ip of ['203.0.113.1', '203.0.113.2']) sandbox.drop('web1', banText(ip));
  await pass();
  // A file of the state that tells of nobody's ban.
  sandbox.drop('web1', intentText({ intent: 'start', jail: 'sshd', ports: '22', time: Date.now() / 1000 }));
  await pass();
  sandbox.writePolicy('{}\n');
  await pass();
  sandbox.drop('web1', banText('203.0.113.3'));
  await pass();

  const all = await told(sandbox);
  const limited = await Promise.all([1, 2, 3, 4, 9].map((limit) => told(sandbox, '--limit', String(limit))));
  const { stdout } = await sandbox.cli('history', '--limit', '3', '--json');

  assert.equal(
    all.map((line) => line.replace(/203\.0\.113\.[12]/, 'EITHER')),
    [
      'ban 203.0.113.3 in sshd by web1',
      'policy edited',
      'policy: end 192.0.2.0/24: policy.yaml no longer denies it',
      ...['ban EITHER in sshd by web1', 'ban EITHER in sshd by web1'],
      'policy edited',
      'policy: deny 192.0.2.0/24: policy.yaml line 2',
    ],
  );
  assert.equal(
    limited,
    [1, 2, 3, 4, 9].map((limit) => all.slice(0, limit)),
  );
  const { events } = JSON.parse(stdout) as { events: readonly { kind: string }[] };
  assert.equal(
    events.map(({ kind }) => kind),
    ['banned', 'policy-edited', 'policy'],
  );
});

/** Changes a file of claims 300 times, and no ban. */
const REMARKS = `cd "$1"
  git config user.name Anna; git config user.email anna@example.net
  for number in $(seq 300); do
    echo "# $number" >>claims/ipv4/203.yaml
    git commit --quiet -am remark
  done`;

test('reads on where the newest commits tell of no ban, and says when older entries are left out', async () => {
  await using sandbox = await Sandbox.open();
  for (let last = 0; last < 201; last += 1) sandbox.drop('web1', banText(`203.0.113.${last}`));
  await makePass(worldOf(sandbox));
  // More commits than are read at a time.
  await outputOf(['sh', '-ec', REMARKS, 'sh', sandbox.state]);

  const cut = await sandbox.cli('history');
  const whole = await sandbox.cli('history', '--limit', '300');
  const net = await sandbox.cli('history', '203.0.113.200');

  assert.equal(
    [cut, whole, net].map(({ stdout }) => stdout.split('\n').length - 1),
    [200, 201, 1],
  );
  assert.is(cut.stderr, 'banspool: hint: these are the newest 200; --limit N shows more\n');
  assert.equal([whole.stderr, net.stderr], ['', '']);
});

test('tells only of a server, of a jail, of a time', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  sandbox.drop('web1', banText('203.0.113.1'));
  sandbox.drop('web2', banText('203.0.113.2', { jail: 'web' }));
  await makePass(worldOf(sandbox));
  sandbox.writePolicy('allow:\n  - { net: 203.0.113.2 }\n');
  await makePass(worldOf(sandbox));

  const ofWeb1 = await told(sandbox, '--server', 'web1');
  const ofWeb = await told(sandbox, '--jail', 'web');
  const recent = await told(sandbox, '--since', '1h', '--server', 'web1', '203.0.113.0/24');
  const old = await sandbox.cli('history', '--until', '1h');
  const both = await sandbox.cli('history', '--server', 'web1', '--jail', 'web', '203.0.113.2');

  assert.equal(ofWeb1, ['ban 203.0.113.1 in sshd by web1']);
  assert.equal(ofWeb, ['policy: end 203.0.113.2 in web', 'ban 203.0.113.2 in web by web2']);
  assert.equal(recent, ofWeb1);
  const nothing = 'banspool: the history has no event';
  assert.equal(
    [old, both],
    [
      { code: 0, stdout: '', stderr: `${nothing} that matches the options\n` },
      { code: 0, stdout: '', stderr: `${nothing} for 203.0.113.2 that matches the options\n` },
    ],
  );
});

test.run();
