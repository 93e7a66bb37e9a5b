import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSilent, peerProblems, troubleText } from '../../src/fleet/peer-problems.ts';

const test = suite('what is wrong with peers');

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const PLACE = { folder: '/var/lib/banspool/fleet', now: NOW };

test('is nothing where each published within the last half hour, or is ahead of our clock', () => {
  const peers = [NOW, NOW - 30 * MINUTE, NOW + 60 * MINUTE].map((published) => ({
    ...{ peer: 'fw2', published, trouble: undefined },
  }));

  assert.equal(peerProblems(peers, PLACE), []);
  assert.equal([isSilent(NOW - 30 * MINUTE, NOW), isSilent(NOW - 30 * MINUTE - 1, NOW)], [false, true]);
});

test('is told of each peer, with where its files stand, and that its bans stay', () => {
  const missing = { peer: 'fw2', published: undefined, trouble: { code: 'missing' } as const };
  const silent = { peer: 'fw3', published: NOW - 45 * MINUTE, trouble: undefined };
  const replayed = {
    ...{ peer: 'fw4', published: NOW },
    trouble: { code: 'replayed', sequence: 3, newest: 5 } as const,
  };

  const problems = peerProblems([missing, silent, replayed], PLACE);

  assert.equal(
    problems.map(({ condition, reason, message }) => `${condition} ${reason}: ${message}`),
    [
      'PeersHeard NothingThere: /var/lib/banspool/fleet/in/fw2: fw2 published nothing yet, or its files do not arrive; fix: run banspool doctor on fw2, and check the mover or the program that copies its files here',
      'PeersHeard Silent: fw3 last published 45 min ago by its clock; its bans stay until they end; fix: run banspool doctor on fw3; if fw3 is lost, run banspool peers remove fw3',
      'PeersTrusted Replayed: /var/lib/banspool/fleet/in/fw4: publication 3 is older than 5, which banspool took in before; banspool keeps what it took in before; fix: wait for the next publication of fw4, 10 minutes at most',
    ],
  );
});

test('is two things of a peer that is silent since what it publishes is refused', () => {
  const both = { peer: 'fw2', published: NOW - 45 * MINUTE, trouble: { code: 'bad-signature' } as const };

  assert.equal(
    peerProblems([both], PLACE).map(({ reason }) => reason),
    ['Silent', 'BadSignature'],
  );
});

test('is said in words that name file, firewall and number', () => {
  assert.is(
    troubleText({ code: 'other-name', name: 'fw9' }),
    'peer.yaml has the name of another firewall, fw9',
  );
  assert.is(
    troubleText({ code: 'incomplete', path: 'ipv4/203.yaml' }),
    'ipv4/203.yaml is missing or does not match peer.yaml',
  );
  assert.is(
    troubleText({ code: 'damaged', path: 'lifts.yaml' }),
    'lifts.yaml is not a file that banspool publishes',
  );
  assert.is(troubleText({ code: 'unreadable', message: 'EACCES' }), 'EACCES');
});

test.run();
