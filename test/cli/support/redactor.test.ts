import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import type { OwnWords } from '../../../src/cli/support/own-words.ts';
import { Redactor } from '../../../src/cli/support/redactor.ts';

const test = suite('a redacted text');

const OWN: OwnWords = {
  names: new Map([
    ['web1', 'server'],
    ['web1-db', 'server'],
    ['fw1.example.net', 'host'],
    ['anna', 'person'],
    ['office of Bob (2nd floor)', 'note'],
  ]),
  nets: [netOf('192.0.2.0/24'), netOf('2001:db8:1::/48')],
  banned: new Set(['203.0.113.7', '198.51.100.0/24', '2001:db8::7', '192.0.2.66']),
};

function redacted(text: string, file = 'a.txt'): string {
  return new Redactor(OWN).redact(file, text);
}

test('keeps addresses that are banned, but for those that are allowed or its own', () => {
  assert.is(
    redacted('203.0.113.7 198.51.100.0/24 2001:db8::7: 192.0.2.66 127.0.0.1 ::1 0.0.0.0/0 ::/0 12:34:56'),
    '203.0.113.7 198.51.100.0/24 2001:db8::7: own-ipv4-1 127.0.0.1 ::1 0.0.0.0/0 ::/0 12:34:56',
  );
});

test('has one placeholder for one address, however it is written, and the length of networks', () => {
  assert.is(
    redacted(
      '192.0.2.9, 192.0.2.9:22 192.0.2.0/25 198.51.100.9/32 [2001:DB8:1:0::9]:22 2001:db8:1::9. fe80::1%eth0',
    ),
    'own-ipv4-1, own-ipv4-1:22 own-ipv4-2/25 other-ipv4-1 [own-ipv6-1]:22 own-ipv6-1. other-ipv6-1%eth0',
  );
});

test('has placeholders for names, the longest first, also inside of paths, and not inside of words', () => {
  assert.is(
    redacted('web1 web1-db spool/web1/1.yaml FW1.example.net webs web12 (anna) "office of Bob (2nd floor)"'),
    'server-1 server-2 spool/server-1/1.yaml host-1 webs web12 (person-1) "note-1"',
  );
});

test('has none of accounts, comments of keys, hardware addresses and homes', () => {
  assert.is(
    redacted(
      'key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 Carla from desk", bob@example.org ssh://git@hub/x 02:42:AC:11:00:02 /home/carla/x',
    ),
    'key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 comment-1", account-1 ssh://account-2/x mac-1 /home/person-1/x',
  );
});

test('has no comments of files that people write', () => {
  assert.is(
    redacted('a: 1 # of Carla\n# Carla\nb: "x#y"\n', 'policy.yaml'),
    'a: 1 # comment removed\n# comment removed\nb: "x#y"\n',
  );
});

test('tells how many of each kind it replaced', () => {
  const redactor = new Redactor(OWN);
  redactor.redact('a.txt', 'web1 192.0.2.1');
  redactor.redact('b.txt', 'web1 192.0.2.2');

  assert.equal(
    [...redactor.counts],
    [
      ['own-ipv4', 2],
      ['server', 1],
    ],
  );
});

test('holds no address that nobody banned, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.ipV4(), fc.ipV6()),
      fc.constantFrom(' ', '"', '(', '=', ',', '/'),
      (address, before) => {
        fc.pre(!/^(?:127\..*|0\.0\.0\.0|::1?)$/.test(netOf(address).text));
        const text = new Redactor({ ...OWN, banned: new Set() }).redact('a.txt', `x${before}${address}, y`);

        assert.not.match(text, address);
      },
    ),
  );
});

test.run();
