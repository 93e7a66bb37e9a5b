import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addressOf,
  claimantOf,
  firewallOf,
  jailOf,
  lengthOf,
  reasonOf,
  serverOf,
} from '../../src/cli/arguments.ts';
import { BanspoolError } from '../../src/system/error.ts';

const words = suite('a word of the command line');

/** The message and the hint of a mistake. */
function mistakeOf(read: () => unknown): readonly [message: string, hint: string | undefined] {
  try {
    throw new Error(`it was taken: ${JSON.stringify(read())}`);
  } catch (error) {
    if (!(error instanceof BanspoolError)) throw error;
    assert.is(error.code, 'usage');
    return [error.message, error.hint];
  }
}

words('is an address or a network as it is printed, whatever way it is written', () => {
  assert.is(addressOf('2001:DB8:0::7').text, '2001:db8::7');
  assert.is(addressOf('198.51.100.7/24').text, '198.51.100.0/24');
  assert.equal(
    mistakeOf(() => addressOf('host.example')),
    [
      '"host.example" is not an IPv4 or IPv6 address or CIDR',
      'host names are not resolved: use an address such as 203.0.113.7 or 2001:db8::/64',
    ],
  );
});

words('is the name of a jail, up to 64 letters long', () => {
  const longest = 'j'.repeat(64);

  assert.equal(['sshd', 'a.b_c-1', longest].map(jailOf), ['sshd', 'a.b_c-1', longest]);
  for (const text of ['', '-x', 'a b', `${longest}j`])
    assert.is(mistakeOf(() => jailOf(text))[0], `"${text}" is not a valid jail name`);
});

words('is the name of a server, but for those that are taken, which only claim', () => {
  assert.equal([serverOf('web1'), claimantOf('web1'), claimantOf('local')], ['web1', 'web1', 'local']);
  assert.is(claimantOf('adopted'), 'adopted');
  for (const text of ['local', 'adopted', 'escalation', 'Web1', '../x'])
    assert.is(mistakeOf(() => serverOf(text))[0], `"${text}" is not a valid server name`);
  assert.match(mistakeOf(() => claimantOf('Web1'))[1] ?? '', /; local, adopted, escalation are reserved$/);
});

words('is the name of a firewall, which can be the peer of another and a part of a branch', () => {
  assert.is(firewallOf('fw1.example'), 'fw1.example');
  for (const text of [
    '',
    '..',
    'fw1/web1',
    'FW1',
    'fw..1',
    'fw1.lock',
    'default',
    'local',
    'adopted',
    'escalation',
  ])
    assert.is(mistakeOf(() => firewallOf(text))[0], `"${text}" cannot be the name of a firewall`);
  assert.match(
    mistakeOf(() => firewallOf('FW1'))[1] ?? '',
    /; default, local, adopted and escalation are reserved$/,
  );
});

words('is a time of a millisecond to the longest that an intent can say', () => {
  const longest = 1_157_407 * 24 * 3600_000;

  assert.equal(
    ['600', '90s', '1d12h', '0.001', '1157407d'].map((text) => lengthOf('--for', text)),
    [600_000, 90_000, 36 * 3600_000, 1, longest],
  );
  assert.equal(
    mistakeOf(() => lengthOf('--for', '1157408d')),
    ['--for: "1157408d" is too long', 'the longest time is 1157407d'],
  );
  for (const text of ['0', '0.0001', 'soon', '-1'])
    assert.match(mistakeOf(() => lengthOf('--confirm', text))[0], `--confirm: "${text}" is not a time`);
});

words('is a reason of at most as many characters as an intent takes', () => {
  const longest = 'r'.repeat(2_000);

  assert.is(reasonOf(longest), longest);
  assert.match(mistakeOf(() => reasonOf(`${longest}r`))[0], / is longer than 2000 characters$/);
});

words.run();
