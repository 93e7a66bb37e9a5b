/** What ipset is told, and what becomes of a line that it refuses. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openSets, type LongText } from '../../../src/system/firewall/ipset.ts';
import { run, type Run } from '../../../src/system/processes/run.ts';
import { clearFirewall, ipset, iptables, setMembers } from '../../support/firewall.ts';

const test = suite('lines for ipset');

/** Restores by way of `through`. */
async function restore(text: string, through: Run = run): Promise<void> {
  const sets = openSets(through);
  if (sets.kind === 'unusable') throw new Error(sets.reason);
  await sets.restore(text);
}

/** What it says that it could not do; throws when it says nothing. */
async function refusalOf(restoring: Promise<void>): Promise<string> {
  return restoring.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: unknown) => String(error),
  );
}

const LEGACY = { variant: 'legacy' } as const;
const LOOK_INTO = ['INPUT', '-m', 'set', '--match-set', 'fail2ban-held', 'src', '-j', 'DROP'];

test('that one of them is refused is an error, with what ipset said and which line it was', async () => {
  await clearFirewall();

  const said = await refusalOf(
    restore('create fail2ban-sshd hash:net\nadd fail2ban-none 192.0.2.1\nadd fail2ban-sshd 192.0.2.2\n'),
  );

  assert.match(said, /ipset restore failed .*line 2: The set with the given name does not exist/);
  assert.equal(await setMembers('fail2ban-sshd'), []);
});

test('are said again from a set on that is in use for a moment more', async () => {
  await clearFirewall();
  await ipset('create fail2ban-held hash:net', 'create fail2ban-sshd hash:net');
  await iptables(['-A', ...LOOK_INTO], LEGACY);
  const told: string[] = [];
  const withholding: Run = async (file, args, options) => {
    const ran = await run(file, args, options);
    told.push(options?.input ?? '');
    if (told.length === 1) await iptables(['-D', ...LOOK_INTO], LEGACY);
    return ran;
  };

  await restore(
    'add fail2ban-sshd 192.0.2.1\ndestroy fail2ban-held\nadd fail2ban-sshd 192.0.2.2\n',
    withholding,
  );

  assert.is(told.length, 2);
  assert.is(told[1], 'destroy fail2ban-held\nadd fail2ban-sshd 192.0.2.2\n');
  assert.is(await setMembers('fail2ban-held'), undefined);
  assert.equal(await setMembers('fail2ban-sshd'), ['192.0.2.1', '192.0.2.2']);
});

test('that destroy a set which somebody keeps are refused in the end', async () => {
  await clearFirewall();
  await ipset('create fail2ban-held hash:net');
  await iptables(['-A', ...LOOK_INTO], LEGACY);
  let times = 0;
  const counting: Run = (...words) => {
    times += 1;
    return run(...words);
  };

  const said = await refusalOf(restore('destroy fail2ban-held\n', counting));

  await iptables(['-D', ...LOOK_INTO], LEGACY);
  assert.match(said, /Set cannot be destroyed/);
  assert.ok(times > 1);
});

test('make sets without counters where ipset knows of none, and say nothing of what members count', async () => {
  await clearFirewall();
  const told: string[] = [];
  const older: Run = async (file, args, options) => {
    const input = options?.input ?? '';
    told.push(input);
    const ran = await run(file, args, { ...options, input: input.replaceAll('counters', 'kounters') });
    return { ...ran, stderr: ran.stderr.replace('kounters', 'counters') };
  };
  const lines = ['add fail2ban-sshd 192.0.2.2', 'create fail2ban-web hash:net timeout 0 counters'];

  await ipset('create fail2ban-sshd hash:net');
  await restore(`${lines.join('\n')}\nadd fail2ban-web 192.0.2.1 timeout 9 packets 5 bytes 300\n`, older);

  assert.equal(told.slice(1), [
    'add fail2ban-sshd 192.0.2.2\ncreate fail2ban-web hash:net timeout 0\nadd fail2ban-web 192.0.2.1 timeout 9\n',
  ]);
  assert.equal(
    [await setMembers('fail2ban-sshd'), await setMembers('fail2ban-web')],
    [['192.0.2.2'], ['192.0.2.1']],
  );
});

/** A text of pieces of two lines each. */
function inPieces(lines: readonly string[]): LongText {
  const pieces = function* (): Generator<string> {
    for (let at = 0; at < lines.length; at += 2)
      yield lines
        .slice(at, at + 2)
        .map((line) => `${line}\n`)
        .join('');
  };
  return { lines: lines.length, pieces };
}

async function restoreLong(lines: readonly string[], through: Run = run): Promise<void> {
  const sets = openSets(through);
  if (sets.kind === 'unusable') throw new Error(sets.reason);
  await sets.restoreLong(inPieces(lines));
}

test('that are made while one ipset reads them take effect, also beyond what a pipe holds', async () => {
  await clearFirewall();
  const hosts = Array.from({ length: 9_999 }, (_, index) => `10.9.${index >> 8}.${index & 255}`);
  let runs = 0;
  const counting: Run = (...words) => {
    runs += 1;
    return run(...words);
  };

  await restoreLong(
    ['create fail2ban-sshd hash:net', ...hosts.map((ip) => `add fail2ban-sshd ${ip}`)],
    counting,
  );

  assert.equal(await setMembers('fail2ban-sshd'), [...hosts].sort());
  assert.is(runs, 1);
});

test('of a long text end at the one that is refused, though more are to come', async () => {
  await clearFirewall();
  const more = Array.from({ length: 100_000 }, () => 'add fail2ban-sshd 192.0.2.3');

  const said = await refusalOf(
    restoreLong(['create fail2ban-sshd hash:net', 'add fail2ban-none 192.0.2.1', ...more]),
  );

  assert.match(said, /line 2: The set with the given name does not exist/);
});

test('of a long text are said again from one on that has to wait, and without counters where nobody counts', async () => {
  await clearFirewall();
  await ipset('create fail2ban-held hash:net');
  await iptables(['-A', ...LOOK_INTO], LEGACY);
  const told: string[] = [];
  const older: Run = async (file, args, options) => {
    const input = Array.from(options?.pieces ?? []).join('');
    told.push(input);
    const ran = await run(file, args, { input: input.replaceAll('counters', 'kounters') });
    if (told.length === 2) await iptables(['-D', ...LOOK_INTO], LEGACY);
    return { ...ran, stderr: ran.stderr.replace('kounters', 'counters') };
  };

  await restoreLong(
    [
      ...[
        'create fail2ban-web hash:net timeout 0 counters',
        'add fail2ban-web 192.0.2.1 timeout 9 packets 5 bytes 300',
      ],
      ...['add fail2ban-web 192.0.2.2', 'destroy fail2ban-held', 'add fail2ban-web 192.0.2.3'],
    ],
    older,
  );

  assert.equal(told.slice(1), [
    'create fail2ban-web hash:net timeout 0\nadd fail2ban-web 192.0.2.1 timeout 9\n' +
      'add fail2ban-web 192.0.2.2\ndestroy fail2ban-held\nadd fail2ban-web 192.0.2.3\n',
    'destroy fail2ban-held\nadd fail2ban-web 192.0.2.3\n',
  ]);
  assert.equal(await setMembers('fail2ban-web'), ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
});

test.run();
