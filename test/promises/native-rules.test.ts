/** Promises 1, 2 and 5 where table ip filter holds native nft rules, beside which `iptables -S` lists nothing. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countGenerations } from '../support/count-generations.ts';
import { eventually } from '../support/eventually.ts';
import { iptables, iptablesRules, restoreTable } from '../support/firewall.ts';
import { banText, snapshotText, unbanText } from '../support/intent-text.ts';
import { requirePrivateNetwork } from '../support/namespaces.ts';
import { countPlanned, makePass, worldOf } from '../support/pass.ts';
import { outputOf, runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('native rules');

/** Each alone keeps iptables-nft from listing the table. */
const NATIVE = {
  'a state of connections': ['', 'ct state established,related accept'],
  'a log': ['', 'tcp dport 80 log prefix "jump fail2ban-sshd" accept comment "jump fail2ban-sshd"'],
  'a verdict map': ['', 'ct state vmap { established : accept, invalid : drop }'],
  'a counter by name': ['counter web { }', 'tcp dport 80 counter name "web"'],
  'a reject': ['', 'tcp dport 113 reject'],
  'a set that learns': [
    'set seen { type ipv4_addr; size 1000; flags dynamic,timeout; timeout 1m; }',
    'tcp dport 80 add @seen { ip saddr }',
  ],
} as const;

for (const [what, [object, rule]] of Object.entries(NATIVE)) {
  test(`${what}: bans are enforced beside it, and it stays as it is`, async () => {
    await using sandbox = await Sandbox.open();
    await loadNative(object, rule);
    const before = await foreignLines();
    assert.match((await runProgram(['iptables-nft', '-S'])).stderr, 'is incompatible');
    const world = worldOf(sandbox);
    sandbox.drop('web1', banText('203.0.113.7', { ports: '22,80,1000:1010' }));
    sandbox.drop('web1', banText('203.0.113.8', { jail: 'all', ports: 'all', protocol: 'all' }));
    sandbox.drop('web1', banText('2001:db8::7'));

    const pass = await makePass(world);

    assert.equal(pass.problems, []);
    assert.equal(await rulesOf('fail2ban-sshd'), ['-s 203.0.113.7/32 -j DROP', '-j RETURN']);
    assert.equal(await rulesOf('fail2ban-all'), ['-s 203.0.113.8/32 -j DROP', '-j RETURN']);
    for (const chain of ['INPUT', 'FORWARD']) {
      const [first = '', second = ''] = await nftRules(chain);
      assert.match(first, /^counter packets \d+ bytes \d+ jump fail2ban-all$/);
      assert.match(
        second,
        /tcp dport \{ 22, 80, 1000-1010 \} counter packets \d+ bytes \d+ jump fail2ban-sshd$/,
      );
    }
    assert.ok(
      (await iptablesRules({ family: 'ipv6' })).includes('-A fail2ban-sshd -s 2001:db8::7/128 -j DROP'),
    );
    assert.equal(await foreignLines(), before);
    assert.is(await countGenerations(() => makePass(world)), 0);
    assert.is(await countPlanned(world), 0);
  });
}

test('loaded with a flush while the controller runs take no ban away', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('203.0.113.7'));
  await sandbox.startController();

  await loadNative(...NATIVE['a state of connections']);

  await eventually(async () => {
    assert.equal(await rulesOf('fail2ban-sshd'), ['-s 203.0.113.7/32 -j DROP', '-j RETURN']);
    assert.match((await nftRules('INPUT'))[0] ?? '', 'jump fail2ban-sshd');
  });
  sandbox.drop('web1', banText('203.0.113.8'));
  sandbox.drop('web1', unbanText('203.0.113.7'));
  await eventually(async () => {
    assert.equal(await rulesOf('fail2ban-sshd'), ['-s 203.0.113.8/32 -j DROP', '-j RETURN']);
  });
  sandbox.drop('web1', unbanText('203.0.113.8'));
  await eventually(async () => {
    assert.not.match(await outputOf(['nft', 'list', 'table', 'ip', 'filter']), 'fail2ban');
  });
  const status = await sandbox.cli('status');
  assert.is(status.code, 0, status.stdout);
});

test('put above our jumps, or into a chain of ours, are passed over and taken out', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const world = worldOf(sandbox);
  sandbox.drop('web1', snapshotText(['203.0.113.7', '203.0.113.8'], { ports: '22,80', protocol: 'tcp,udp' }));
  await makePass(world);
  await iptables(['-A', 'INPUT', '-s', '192.0.2.1', '-j', 'ACCEPT']);
  await nft('insert rule ip filter INPUT ct state established accept');
  await nft('insert rule ip filter fail2ban-sshd ct state established accept');

  const pass = await makePass(world);

  assert.equal(pass.problems, []);
  assert.equal(await rulesOf('fail2ban-sshd'), ['-m set --match-set fail2ban-sshd src -j DROP', '-j RETURN']);
  const rules = await nftRules('INPUT');
  assert.equal(
    rules.map((rule) => /jump fail2ban-sshd$|established accept$|192\.0\.2\.1/.exec(rule)?.[0]),
    ['jump fail2ban-sshd', 'jump fail2ban-sshd', 'established accept', '192.0.2.1'],
  );
  assert.is(await countGenerations(() => makePass(world)), 0);
});

test('are no reason to lose what the scripts of the article left', async () => {
  await using sandbox = await Sandbox.open();
  await restoreTable(ARTICLE);
  await nft('insert rule ip filter INPUT ct state established accept');
  const world = worldOf(sandbox);

  const pass = await makePass(world);

  assert.equal(pass.problems, []);
  assert.is(pass.claims, 1);
  assert.equal(await rulesOf('fail2ban-SSH'), ['-s 203.0.113.7/32 -j DROP', '-j RETURN']);
  assert.match(
    (await nftRules('INPUT')).join('\n'),
    /tcp dport 22 counter .* jump fail2ban-SSH\n.*established accept/,
  );
});

test('without nft leave the other family enforced, and what they hide is adopted once there is one', async () => {
  await using sandbox = await Sandbox.open();
  await restoreTable(ARTICLE);
  await nft('insert rule ip filter INPUT ct state established accept');
  const world = worldOf(sandbox);
  const { variant, list, listRaw, restore, listOther, listUnnamed, sets, isOwn } = await world.openFirewall();
  const bare = { variant, list, listRaw, restore, listOther, listUnnamed, sets, isOwn };
  sandbox.drop('web1', banText('203.0.113.9'));
  sandbox.drop('web1', banText('2001:db8::7'));

  const pass = await makePass({ ...world, openFirewall: () => Promise.resolve(bare) });
  const later = await makePass(world);

  assert.equal(
    pass.problems.map(({ condition, message }) => `${condition}: ${message}`),
    [
      'Converged: ipv4: table ip filter holds native nft rules, which iptables-nft -S cannot list; fix: move them to another table, such as table inet mine',
    ],
  );
  assert.equal([pass.claims, later.claims], [2, 3]);
  assert.equal(later.problems, []);
  assert.ok(
    (await iptablesRules({ family: 'ipv6' })).includes('-A fail2ban-sshd -s 2001:db8::7/128 -j DROP'),
  );
  assert.equal(await rulesOf('fail2ban-SSH'), ['-s 203.0.113.7/32 -j DROP', '-j RETURN']);
  assert.equal(await rulesOf('fail2ban-sshd'), ['-s 203.0.113.9/32 -j DROP', '-j RETURN']);
});

const ARTICLE = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:fail2ban-SSH - [0:0]
-A INPUT -p tcp -m multiport --dports 22 -j fail2ban-SSH
-A fail2ban-SSH -s 203.0.113.7/32 -j DROP
-A fail2ban-SSH -j RETURN
COMMIT
`;

/** As an administrator's file does, which begins with a flush of all. */
async function loadNative(object: string, rule: string): Promise<void> {
  await nft(`flush ruleset
table ip filter {
  ${object}
  chain INPUT {
    comment "what comes in"
    type filter hook input priority 0; policy accept;
    ${rule}
    tcp dport 81 accept
  }
  chain own {
    ${rule}
  }
}
`);
}

async function nft(text: string): Promise<void> {
  requirePrivateNetwork();
  await outputOf(['nft', '-f', '-'], { input: `${text}\n` });
}

async function nftRules(chain: string): Promise<readonly string[]> {
  const listing = await outputOf(['nft', 'list', 'chain', 'ip', 'filter', chain]);
  return listing.split('\n').flatMap((line) => /^\t\t(?!type |comment )(.*)$/.exec(line)?.[1] ?? []);
}

/** What is not ours in the table. */
async function foreignLines(): Promise<readonly string[]> {
  const listing = await outputOf(['nft', '-s', 'list', 'chain', 'ip', 'filter', 'INPUT']);
  const own = await outputOf(['nft', '-s', 'list', 'chain', 'ip', 'filter', 'own']);
  return `${listing}${own}`.split('\n').filter((line) => !/jump fail2ban-\w+$|^# Warning/.test(line));
}

async function rulesOf(chain: string): Promise<readonly string[]> {
  const listing = await outputOf(['iptables-nft', '-S', chain]);
  return listing.split('\n').flatMap((line) => /^-A \S+ (.*)$/.exec(line)?.[1] ?? []);
}

test.run();
