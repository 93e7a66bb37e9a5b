import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findOwnWords } from '../../../src/cli/support/own-words.ts';

const test = suite('what is the operator’s own');

const MACHINE = { addresses: ['127.0.0.1', '192.0.2.1', 'fe80::1', 'nonsense'], hostname: 'fw1.example.net' };

function found(files: Readonly<Record<string, string>>): ReturnType<typeof findOwnWords> {
  return findOwnWords(new Map(Object.entries(files)), MACHINE);
}

test('are the name and the addresses of the machine, but not loopback', () => {
  const { names, nets } = found({});

  assert.equal([...names.keys()], ['fw1.example.net', 'fw1', 'example.net']);
  assert.equal(
    nets.map(({ text }) => text),
    ['192.0.2.1', 'fe80::1'],
  );
});

test('are names of servers, peers and people in what commands tell as JSON, and not those of everybody', () => {
  const { names } = found({
    'status.json': '{"servers": [{"name": "web1"}, {"name": "local"}], "sets": [{"name": "fail2ban-sshd"}]}',
    'list.json':
      '{"bans": [{"ip": "203.0.113.7", "claims": [{"server": "fw2/web9"}, {"server": "adopted"}]}]}',
    'history.json': '{"events": [{"author": "Anna Example"}, {"author": "banspool"}]}',
    'peers.json': '{"peers": [{"name": "fw3"}]}',
    'damaged.json': '{"server": "nobody"',
  });

  assert.equal([...names].slice(3), [
    ['web1', 'server'],
    ['fw2', 'peer'],
    ['web9', 'server'],
    ['Anna Example', 'person'],
    ['fw3', 'peer'],
  ]);
});

test('are hosts of the config, notes of the policy, and who is logged in', () => {
  const { names } = found({
    'config.yaml': 'fleet: { remote: ssh://hub@hub.example.org/srv }\n',
    'policy.yaml': 'allow:\n  - { net: 198.51.100.0/24, note: the office }\n',
    'doctor.txt': 'warn  a ban of 203.0.113.0/24 drops 203.0.113.9, from which anna is logged in (pts/1)\n',
  });

  assert.equal([...names.keys()].slice(3), ['hub.example.org', 'anna', 'the office']);
});

test('are the names that the config gives to this firewall', () => {
  const { names } = found({
    'config.yaml': 'notify:\n  name: "The Attic"\n  channels: {}\nfleet: { name: attic-1, engine: folder }\n',
    'doctor.txt': 'name: not of a config\n',
  });

  assert.equal([...names].slice(3), [
    ['The Attic', 'host'],
    ['attic-1', 'host'],
  ]);
});

test('are not addresses that servers ban, that the policy denies, or that the log tells the end of', () => {
  const { banned, nets } = found({
    'list.json': '{"bans": [{"ip": "203.0.113.7"}], "ignored": [{"ip": "2001:DB8::7"}]}',
    'policy.yaml': 'allow: [{ net: 198.51.100.0/24 }]\ndeny: [{ net: 192.0.2.128/25 }]\n',
    'log.txt':
      'fw1 banspool[1]: end 203.0.113.8 in sshd by web1: expired\nban 203.0.113.0/28 in manual by local\n',
  });

  assert.equal([...banned].sort(), [
    '192.0.2.128/25',
    '2001:db8::7',
    '203.0.113.0/28',
    '203.0.113.7',
    '203.0.113.8',
  ]);
  assert.ok(nets.some(({ text }) => text === '198.51.100.0/24'));
});

test.run();
