/** An ipset that stands by: the real one, and stand-ins that fail where it may. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openSets } from '../../../src/system/firewall/ipset.ts';
import { StandingIpset } from '../../../src/system/firewall/standing-ipset.ts';
import { run, type Run } from '../../../src/system/processes/run.ts';
import { eventually } from '../../support/eventually.ts';
import { clearFirewall, ipset, setMembers } from '../../support/firewall.ts';
import { StandIns } from '../../support/stand-ins.ts';

const test = suite<{ standing: StandingIpset }>('an ipset that stands by');

const CREATE = 'create fail2ban-a hash:net family inet timeout 0 counters';

test.before.each(async (context) => {
  await clearFirewall();
  await ipset(CREATE);
  context.standing = new StandingIpset();
  await awake(context.standing);
});
test.after.each(({ standing }) => {
  standing.close();
});

async function awake(standing: StandingIpset): Promise<void> {
  await eventually(async () => {
    assert.ok(await standing.change(''));
  });
}

test('acknowledges what is there and what is gone, also for a second time', async ({ standing }) => {
  const lines = 'add fail2ban-a 192.0.2.1 timeout 600\nadd fail2ban-a 198.51.100.0/24 timeout 0\n';

  const first = await standing.change(lines);
  const second = await standing.change(`${lines}del fail2ban-a 192.0.2.1\ndel fail2ban-a 198.51.100.7\n`);

  assert.equal([first, second], [true, true]);
  assert.equal(await setMembers('fail2ban-a'), ['198.51.100.0/24']);
});

test('finds each set by its name, whatever others made of it meanwhile', async ({ standing }) => {
  const add = (ip: string): Promise<boolean> => standing.change(`add fail2ban-a ${ip} timeout 60\n`);
  await ipset(CREATE.replace('-a ', '-b '), 'swap fail2ban-a fail2ban-b', 'destroy fail2ban-b');
  const swapped = await add('192.0.2.1');
  const membersOfSwapped = await setMembers('fail2ban-a');
  await ipset('destroy fail2ban-a');
  const gone = await add('192.0.2.2');
  await ipset(CREATE.replace('inet', 'inet6'));
  await eventually(async () => {
    assert.ok(await add('2001:db8::1'));
  });

  assert.equal([swapped, membersOfSwapped, gone], [true, ['192.0.2.1'], false]);
  assert.equal(await setMembers('fail2ban-a'), ['2001:db8::1']);
});

test('takes an address in each form that lines have', async ({ standing }) => {
  await ipset(CREATE.replace('-a ', '-6 ').replace('inet', 'inet6'));
  const forms = ['2001:db8::1', '2001:db8:0:0::/64', '::ffff:102:304', '::ffff:0:0/96'];

  assert.ok(await standing.change(forms.map((form) => `add fail2ban-6 ${form} timeout 60\n`).join('')));
});

test('leaves to a process what is refused, which fails in its own words', async ({ standing }) => {
  const refused = 'add fail2ban-a 192.0.2.1\nadd fail2ban-none 192.0.2.2\nadd fail2ban-a 192.0.2.3\n';
  const failureOf = async (by?: StandingIpset): Promise<string> => {
    const sets = openSets(run, by);
    if (sets.kind === 'unusable') throw new Error(sets.reason);
    return String(await sets.restore(refused).catch((error: unknown) => error));
  };

  const failure = await failureOf(standing);

  assert.is(failure, await failureOf());
});

test('leaves to a process what may not come twice, and what is long', async ({ standing }) => {
  const many = Array.from({ length: 65 }, (_, at) => `add fail2ban-a 192.0.2.${at}\n`).join('');

  const left = await Promise.all([
    standing.change('swap fail2ban-a fail2ban-b\n'),
    standing.change('destroy fail2ban-a\n'),
    standing.change(many),
  ]);

  assert.equal(left, [false, false, false]);
  assert.equal(await setMembers('fail2ban-a'), []);
});

/** The first line is the greeting; then `atChange` is run when a change has come, and its question is `$question`. */
const faulty = (atChange: string): string => `
read -r hello; echo 'ipset v7: The set with the given name does not exist' >&2
while read -r line && read -r question; do ${atChange}; done`;

const IS_IN = "echo 'Warning: 192.0.2.1 is in set fail2ban-a.' >&2";
const REAL = `printf '%s\\n' "$line" | PATH=/usr/sbin:/sbin ipset -exist restore`;

const FAULTS: Readonly<Record<string, string>> = {
  'dies before it does it': 'kill -9 $$',
  'dies after it has done it': `${REAL}; kill -9 $$`,
  'passes over it without a word': ':',
  'says that it is not there': "echo '192.0.2.1 is NOT in set fail2ban-a.' >&2",
  'says nonsense': 'echo nonsense >&2',
  'complains, and says that it is there': `echo 'ipset v7: Kernel error' >&2; ${IS_IN}`,
  stops: 'kill -STOP $$',
};

for (const [what, atChange] of Object.entries(FAULTS)) {
  test(`is not taken at its word where it ${what}`, async () => {
    const standIns = new StandIns();
    standIns.install('ipset', faulty(atChange));
    const standing = new StandingIpset(500);
    const told: string[] = [];
    const real: Run = (file, args, options) => {
      told.push([file, ...args].join(' '));
      return run(`../../../../../../../../usr/sbin/${file}`, args, options);
    };
    try {
      await awake(standing);
      const sets = openSets(real, standing);
      if (sets.kind === 'unusable') throw new Error(sets.reason);

      await sets.restore('add fail2ban-a 192.0.2.1 timeout 600\n');

      assert.equal(told, ['ipset -exist restore']);
    } finally {
      standing.close();
      standIns[Symbol.dispose]();
    }
    assert.equal(await setMembers('fail2ban-a'), ['192.0.2.1']);
  });
}

test.run();
