import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ipsetForm } from '../../../src/exports/forms/ipset.ts';
import { clearFirewall } from '../../support/firewall.ts';
import { requirePrivateNetwork } from '../../support/namespaces.ts';
import { outputOf, runProgram } from '../../support/run-program.ts';
import { entryOf, textOf } from '../entries.ts';

const test = suite('a file for ipset restore');

async function restore(text: string): Promise<void> {
  const { code, stderr } = await runProgram(['ipset', 'restore'], { input: text });
  assert.is(code, 0, stderr);
}

async function members(set: string): Promise<readonly string[]> {
  const text = await outputOf(['ipset', 'list', '-sorted', set]);
  return text.slice(text.indexOf('Members:\n')).trimEnd().split('\n').slice(1);
}

test.before(requirePrivateNetwork);
test.before.each(clearFirewall);

test('fills sets of both families, and swaps them under rules that look into them', async () => {
  await restore(textOf(ipsetForm));
  await outputOf([
    'iptables',
    '-A',
    'INPUT',
    '-m',
    'set',
    '--match-set',
    'banspool_bans4',
    'src',
    '-j',
    'DROP',
  ]);
  const first = [await members('banspool_bans4'), await members('banspool_bans6')];

  await restore(textOf(ipsetForm, { entries: [entryOf('192.0.2.7')] }));

  assert.equal(first, [
    ['192.0.2.0/24', '192.0.2.7', '203.0.113.9'],
    ['2001:db8::/64', '2001:db8:1::7'],
  ]);
  assert.equal([await members('banspool_bans4'), await members('banspool_bans6')], [['192.0.2.7'], []]);
  assert.is((await outputOf(['ipset', 'list', '-n'])).trimEnd(), 'banspool_bans4\nbanspool_bans6');
});

test('can be loaded again after it was broken off', async () => {
  const lines = textOf(ipsetForm).split('\n');
  await restore(`${lines.slice(0, 6).join('\n')}\n`);

  await restore(textOf(ipsetForm));

  assert.is((await members('banspool_bans4')).length, 3);
});

test('has names that ipset takes, however long that of the file is', async () => {
  const file = `${'a'.repeat(100)}.ipset`;

  await restore(textOf(ipsetForm, { file }));

  assert.match(await outputOf(['ipset', 'list', '-n']), /^banspool_aaaaaaaaaa_[0-9a-f]{6}4$/m);
});

test.run();
