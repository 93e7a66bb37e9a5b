import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { claimKey, type Claim } from '../../src/claims/claim.ts';
import { netOf } from '../../src/domain/net.ts';
import { Timeline, type Piece } from '../../src/replay/timeline.ts';

const test = suite('replay/timeline');

const FILE = 'claims/ipv4/203.yaml';
const SEVEN = { ip: netOf('203.0.113.7'), server: 'web1', jail: 'sshd' };

function banned(
  until: number,
  { heard = 0, ...more }: Partial<Claim> & { readonly heard?: number } = {},
): Claim {
  return { ...SEVEN, bans: [{ heard, since: heard, until }], ...more };
}

function timeline(): { readonly line: Timeline; readonly told: () => readonly string[] } {
  const pieces: Piece[] = [];
  const line = new Timeline((piece) => void pieces.push(piece));
  const told = (): readonly string[] =>
    pieces.map(({ live, from, to }) => `${live.server} ${from}-${to} until ${live.until}`);
  return { line, told };
}

test('gives each claim with when it counted, to its own end or until it goes', () => {
  const { line, told } = timeline();

  assert.ok(line.add(banned(50), FILE, 10));
  assert.not.ok(line.add(banned(80), FILE, 20));
  assert.ok(line.add(banned(Infinity, { server: 'web2' }), FILE, 30));
  assert.ok(line.remove('203.0.113.7 web2 sshd', FILE, 90));
  assert.not.ok(line.remove('203.0.113.7 web3 sshd', FILE, 90));
  line.finish(100);

  assert.equal(told(), [
    ...['web1 10-20 until 50', 'web1 20-30 until 80'],
    ...['web1 30-80 until 80', 'web2 30-80 until Infinity', 'web2 80-90 until Infinity'],
  ]);
});

test('leaves out what an operator lifted, from the lift on', () => {
  const { line, told } = timeline();
  const lift: Claim = { ...SEVEN, server: 'local', jail: '*', bans: [], unbanned: 20, forget: 100 };

  line.add(banned(50), FILE, 10);
  line.add(lift, FILE, 20);
  line.add(banned(90, { heard: 30 }), FILE, 30);
  line.finish(40);

  assert.equal(told(), ['web1 10-20 until 50', 'web1 30-40 until 90']);
});

test('keeps a claim that moved to another file, whichever of the two changes is told first', () => {
  const { line, told } = timeline();

  line.add(banned(50), 'claims/ipv4/2.yaml', 10);
  line.add(banned(50), FILE, 20);
  line.remove(claimKey(SEVEN), 'claims/ipv4/2.yaml', 30);
  line.finish(40);

  assert.equal(told(), ['web1 10-20 until 50', 'web1 20-40 until 50']);
});

test('ends what a file no longer holds', () => {
  const { line, told } = timeline();

  line.add(banned(50), FILE, 10);
  line.add(banned(50, { server: 'web2' }), FILE, 10);
  line.keep(new Set(['203.0.113.7 web2 sshd']), (path) => path === FILE, 20);
  line.finish(30);

  assert.equal(told(), ['web1 10-20 until 50', 'web2 10-20 until 50', 'web2 20-30 until 50']);
});

test('says of a claim of a peer when that was last heard', () => {
  const pieces: Piece[] = [];
  const line = new Timeline((piece) => void pieces.push(piece));

  line.hear('fw2', { sequence: 1, published: 15, key: 'SHA256:x', isWhole: true });
  line.add(banned(Infinity, { server: 'fw2/web1' }), 'peers/ipv4/203.yaml', 10);
  line.finish(30);

  assert.is(pieces[0]?.live.peerHeard, 15);
});

test.run();
