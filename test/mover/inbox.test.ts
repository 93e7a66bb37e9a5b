import * as assert from 'uvu/assert';
import { Inbox, inOrder, isCarriedPath } from '../../src/mover/inbox.ts';
import { failureOf, fleetOf, inboxOf, moverSuite, MOVER_WORLD } from './mover-suite.ts';

const inbox = moverSuite('what another firewall published');

inbox('is written into a folder of its name', async (context) => {
  const fleet = fleetOf(context, 'fw2');
  const mine = new Inbox(MOVER_WORLD.files, fleet.folder);

  await mine.write('fw1', 'ipv4/203.yaml', 'a\n');
  await mine.write('fw1', 'peer.yaml', 'b\n');
  await mine.write('fw1', 'peer.yaml', 'c\n');

  assert.equal(inboxOf(fleet, 'fw1'), { 'ipv4/203.yaml': 'a\n', 'peer.yaml': 'c\n' });
});

inbox(
  'of no more firewalls than the limit is written, and that of those which are there as before',
  async (context) => {
    const fleet = fleetOf(context, 'fw2');
    const mine = (): Inbox => new Inbox(MOVER_WORLD.files, fleet.folder, 2);
    await mine().write('fw1', 'peer.yaml', 'a\n');
    await mine().write('fw3', 'peer.yaml', 'a\n');

    const failure = await failureOf(mine().write('fw4', 'peer.yaml', 'a\n'));
    await mine().write('fw1', 'ipv4/203.yaml', 'b\n');

    assert.match(failure, 'has 2 folders, the limit: fw4 is not taken in');
    assert.equal(inboxOf(fleet, 'fw4'), {});
    assert.equal(inboxOf(fleet, 'fw1'), { 'ipv4/203.yaml': 'b\n', 'peer.yaml': 'a\n' });
  },
);

inbox('is put in order so that what names the others comes last', () => {
  const paths = ['peer.yaml', 'ipv4/1.yaml', 'peer.yaml.sig', 'lifts.yaml'];

  assert.equal(
    inOrder(paths.map((path) => ({ path }))).map(({ path }) => path),
    ['ipv4/1.yaml', 'lifts.yaml', 'peer.yaml.sig', 'peer.yaml'],
  );
});

inbox('has files of a few names only', () => {
  const right = ['peer.yaml', 'peer.yaml.sig', 'lifts.yaml', 'ipv4/203.yaml', 'ipv6/ff.yaml'];
  const wrong = [
    'peer.yaml.bak',
    '../peer.yaml',
    'ipv4/../1.yaml',
    'ipv4',
    'in/peer.yaml',
    '/etc/passwd',
    '',
  ];

  assert.equal(right.filter(isCarriedPath), right);
  assert.equal(wrong.filter(isCarriedPath), []);
});

inbox.run();
