import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { whyLines } from '../../../src/cli/why/why-lines.ts';
import { netOf } from '../../../src/domain/net.ts';
import { UTC } from '../../../src/domain/words.ts';
import { ban } from '../../claims/said.ts';
import { tableOf } from '../../lists/table-of.ts';
import { asked } from './asked.ts';

const test = suite('the lines of why');

test('hold nothing that a terminal obeys, whatever servers and people wrote', () => {
  const said = [ban(0, 600, { reason: 'a\n\u001b[2J\u202e\u2028\u009bb' })];
  const policy = 'deny: [{ net: 203.0.113.0/24, note: "x\\e[31m\\u2066y" }]\n';

  const lines = whyLines(asked('203.0.113.7', { said, policy }), UTC).flatMap(([, all]) => all);

  assert.is(lines.length, 3);
  for (const line of lines) assert.not.match(line, /[\p{C}\p{Zl}\p{Zp}]/u);
});

test('count the servers and jails of a network beyond five', () => {
  const said = Array.from({ length: 8 }, (_, number) =>
    ban(0, 600, { ip: `203.0.113.${number}`, server: `web${number}` }),
  );

  const [[title, lines] = ['', []]] = whyLines(asked('203.0.113.0/24', { said }), UTC);

  assert.is(title, 'inside');
  assert.equal(lines.slice(0, 4), [
    '8 addresses banned, 8 bans, 8 claims',
    'claims by server: web0 1, web1 1, web2 1, web3 1, web4 1, 3 more',
    'claims by jail: sshd 8',
    'the newest:',
  ]);
});

test('name ten neighbours for which its network is dropped, and count the others', () => {
  const said = Array.from({ length: 14 }, (_, host) => ban(0, 600, { ip: `2001:db8::${host + 1}` }));

  const found = Object.fromEntries(whyLines(asked('2001:db8::3', { said, policy: 'aggregate6: 64\n' }), UTC));

  const lines = found['claims'] ?? [];
  assert.match(lines[0] ?? '', /^2001:db8::3 in sshd .*; enforced as 2001:db8::\/64$/);
  assert.equal(
    [lines.length, lines.at(-1)],
    [12, 'and 3 more claims on its neighbours: banspool list 2001:db8::3 shows all'],
  );
});

test('tell of what a rule bans which bans it counted, of very many the last', () => {
  const policy = 'escalate: [{ name: two, servers: 2, within: 1h, ban: 1d }]\n';
  const said = [ban(0, 600), ban(5, 60, { server: 'web2', jail: 'web' })];
  const many = Array.from({ length: 12 }, (_, at) => ban(at, 60, { server: `web${at % 2}` }));
  const linesOf = (all: typeof said) =>
    Object.fromEntries(whyLines(asked('203.0.113.7', { said: all, policy }), UTC))['claims'] ?? [];

  const lines = linesOf(said).slice(-3);
  const shortened = linesOf(many).filter((line) => line.includes('counted: '));

  assert.equal(lines, [
    '203.0.113.7 in two (all ports): the rule two bans it until 2026-11-23 13:30:05 UTC, seen by web1, web2, since 2026-11-22 13:30:05 UTC',
    '  counted: web1 banned 203.0.113.7 in sshd at 2026-11-22 13:30:00 UTC, until 2026-11-22 13:40:00 UTC',
    '  counted: web2 banned 203.0.113.7 in web at 2026-11-22 13:30:05 UTC, until 2026-11-22 13:31:05 UTC',
  ]);
  assert.equal([shortened.length, shortened[0]], [11, '  counted: 2 earlier bans, and']);
});

test('tell of lists that hold the address, or something of the network', () => {
  const table = tableOf(['203.0.113.0/24', '198.51.100.1', '198.51.100.3'].map(netOf));
  const lists = [{ name: 'drop', note: 'Spamhaus', table }];
  const policyOn = (ip: string): readonly string[] =>
    whyLines(asked(ip, { lists }), UTC).flatMap(([title, lines]) => (title === 'policy' ? lines : []));

  assert.equal(policyOn('203.0.113.7'), ['203.0.113.0/24 is in the list drop (Spamhaus)']);
  assert.equal(policyOn('198.51.100.0/24'), [
    '2 networks inside 198.51.100.0/24 are in the list drop (Spamhaus)',
  ]);
  assert.equal([policyOn('192.0.2.1'), asked('203.0.113.7', { lists }).wanted], [[], 'dropped']);
});

test.run();
