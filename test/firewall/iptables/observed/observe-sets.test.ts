import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { observeSetHeads } from '../../../../src/firewall/iptables/observed/observe-sets.ts';
import { clearFirewall, ipset, iptables } from '../../../support/firewall.ts';
import { requirePrivateNetwork } from '../../../support/namespaces.ts';
import { outputOf } from '../../../support/run-program.ts';

const test = suite('observed sets');

test.before(requirePrivateNetwork);
test.after.each(clearFirewall);

const UNCOUNTED = 'hash:net family inet hashsize 1024 maxelem 70000 timeout 0';
const USUAL = `${UNCOUNTED} counters`;

async function heads(family: 'ipv4' | 'ipv6' = 'ipv4'): Promise<Readonly<Record<string, string>>> {
  const observed = observeSetHeads(await outputOf(['ipset', 'list', '-terse']), {
    family,
    prefix: 'fail2ban-',
  });
  return Object.fromEntries(observed.map(({ name, make }) => [name, make]));
}

test('are those of our prefix and of the family by their name, whoever made them', async () => {
  await ipset(
    ...['create fail2ban-a hash:ip', `create fail2ban-b:t ${USUAL}`, `create blocklist ${USUAL}`],
    ...['create fail2ban-a:6 hash:net family inet6 timeout 0', 'create x-fail2ban-a hash:net'],
  );

  assert.equal(Object.keys(await heads()), ['fail2ban-a', 'fail2ban-b:t']);
  assert.equal(Object.keys(await heads('ipv6')), ['fail2ban-a:6']);
});

test('are fit as we make them, can be replaced where they hold nets, and have to go where they do not', async () => {
  await ipset(
    `create fail2ban-usual ${USUAL}`,
    'create fail2ban-endless hash:net',
    'create fail2ban-short hash:net timeout 60',
    `create fail2ban-uncounted ${UNCOUNTED}`,
    ...['comment', 'skbinfo'].map((extra) => `create fail2ban-${extra} ${USUAL} ${extra}`),
    'create fail2ban-ip hash:ip timeout 0',
    'create fail2ban-list list:set timeout 0',
    'create fail2ban-inet6 hash:net family inet6 timeout 0',
  );

  assert.equal(await heads(), {
    ...{ 'fail2ban-usual': 'fit', 'fail2ban-endless': 'foreign-made', 'fail2ban-short': 'foreign-made' },
    ...{ 'fail2ban-uncounted': 'foreign-made', 'fail2ban-comment': 'foreign-made' },
    ...{ 'fail2ban-skbinfo': 'foreign-made' },
    ...{ 'fail2ban-ip': 'alien', 'fail2ban-list': 'alien', 'fail2ban-inet6': 'alien' },
  });
});

test('tell their room, and the rules that look into them', async () => {
  await ipset(`create fail2ban-x ${USUAL}`, 'add fail2ban-x 203.0.113.0/24 timeout 0');
  await iptables(['-A', 'FORWARD', '-m', 'set', '--match-set', 'fail2ban-x', 'src', '-j', 'DROP']);

  const all = observeSetHeads(await outputOf(['ipset', 'list', '-terse']), {
    ...{ family: 'ipv4', prefix: 'fail2ban-' },
  });

  assert.equal(
    all.map((head) => [head.capacity, head.isCounted, head.references, head.content]),
    [[70_000, true, 1, { kind: 'unknown' }]],
  );
});

test('stay as they are without counters where this kernel or this ipset knows of none', () => {
  const head = (revision: number): string =>
    `Name: fail2ban-x\nType: hash:net\nRevision: ${revision}\nHeader: family inet hashsize 1024 maxelem 9 timeout 0\n`;

  assert.equal(
    [2, 3].map((revision) =>
      observeSetHeads(head(revision), { family: 'ipv4', prefix: 'fail2ban-' }).map(({ make }) => make),
    ),
    [['fit'], ['foreign-made']],
  );
});

test('of no sets, and of text that ends early, are none', () => {
  for (const text of ['', '\n\n', 'Type: hash:net\n'])
    assert.equal(observeSetHeads(text, { family: 'ipv4', prefix: 'fail2ban-' }), [], text);
});

test.run();
