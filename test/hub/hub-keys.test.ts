import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  dropFirewallKey,
  formatFirewallKey,
  linesBeside,
  parseFirewallKeys,
  putFirewallKey,
} from '../../src/hub/hub-keys.ts';
import { ed25519 } from '../access/ssh-key.ts';

const test = suite('the keys of a hub');

const DOOR = '/srv/fleet.git/door';
const OF_ANOTHER = formatFirewallKey({ firewall: 'fw1', key: ed25519(9) }, '/srv/other.git/door');
const OTHERS = `# people\nssh-ed25519 AAAA anna\n${OF_ANOTHER}\n`;

test('are read as they were written', () => {
  const keys = [
    { firewall: 'fw1', key: ed25519(1) },
    { firewall: 'fw2', key: ed25519(2), from: '203.0.113.0/24,!203.0.113.9' },
  ];

  const text = keys.reduce((before, key) => putFirewallKey(before, key, DOOR), OTHERS);

  assert.equal(parseFirewallKeys(text, DOOR), keys);
  assert.ok(text.startsWith(OTHERS));
  assert.match(text, /^restrict,command="\/srv\/fleet\.git\/door fw1 SHA256:[^" ]{43}" ssh-ed25519 /m);
});

test('are one for each firewall, and leave every other line as it is', () => {
  const first = putFirewallKey(OTHERS, { firewall: 'fw1', key: ed25519(1) }, DOOR);
  const second = putFirewallKey(first, { firewall: 'fw1', key: ed25519(2) }, DOOR);

  assert.equal(parseFirewallKeys(second, DOOR), [{ firewall: 'fw1', key: ed25519(2) }]);
  assert.is(putFirewallKey(second, { firewall: 'fw1', key: ed25519(2) }, DOOR), second);
  assert.is(dropFirewallKey(second, 'fw1', DOOR), OTHERS);
});

test('are not those of another hub of the same account', () => {
  assert.equal(parseFirewallKeys(OTHERS, DOOR), []);
  assert.equal(linesBeside(OTHERS, DOOR), ['ssh-ed25519 AAAA anna', OF_ANOTHER]);
});

test.run();
