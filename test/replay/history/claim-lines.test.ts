import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ClaimLines } from '../../../src/replay/history/claim-lines.ts';

const test = suite('replay/claim-lines');

const TIMES = 'since: 2026-01-01T00:00:00Z, until: null';
const OWN =
  '- { "ip": "203.0.113.7", "server": "web1", "jail": "sshd", "since": "2026-11-01T00:00:00.000Z", "until": null }';
const BLOCK = `- ip: 203.0.113.9\n  server: web1\n  jail: sshd\n  since: 2026-01-01T00:00:00Z\n  until: null\n`;

test('are claims as banspool writes them and as people do; all else but comments is odd', () => {
  const lines = new ClaimLines();

  const read = lines.read([
    OWN,
    `- { ip: 203.0.113.8, server: web1, jail: sshd, ${TIMES} }`,
    ...['', '# note', '[]', '...', '- { "ip": "203.0.113.300" }', 'nonsense', `- ${'x'.repeat(30_000)}`],
  ]);

  assert.equal(
    read.claims.map(({ ip }) => ip.text),
    ['203.0.113.7', '203.0.113.8'],
  );
  assert.is(read.odd, 3);
});

test('are told by the whole file where one of them alone says nothing', () => {
  const lines = new ClaimLines();

  const [own, block, damaged] = [`${OWN}\n`, `${OWN}\n${BLOCK}`, `${OWN}\n${BLOCK}:\n`].map((text) =>
    lines.readText(text),
  );

  assert.equal([own?.claims.length, own?.odd, own?.isByLine], [1, 0, true]);
  assert.equal([block?.claims.length, block?.odd, block?.isByLine], [2, 0, false]);
  assert.equal([damaged?.claims.length, damaged?.isByLine], [1, false]);
});

test('have the key of their claim, in whatever form', () => {
  const lines = new ClaimLines();

  assert.is(lines.keyOf(OWN), '203.0.113.7 web1 sshd');
  assert.is(
    lines.keyOf(`- { ip: "2001:DB8::0:7", server: fw2/web1, jail: sshd, ${TIMES} }`),
    '2001:db8::7 fw2/web1 sshd',
  );
  assert.is(lines.keyOf('nonsense'), undefined);
});

test.run();
