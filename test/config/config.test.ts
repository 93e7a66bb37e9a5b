import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig, type Config } from '../../src/config/config.ts';

const config = suite('config');

function configOf(text: string): Config {
  const read = readConfig(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.config;
}

function mistakesOf(text: string): readonly string[] {
  const read = readConfig(text);
  return read.kind === 'config' ? [] : read.mistakes.map(({ line, message }) => `line ${line}: ${message}`);
}

config('without a file everything stands where docs/configuration.md says', () => {
  assert.equal(configOf(''), {
    spool: '/var/spool/banspool',
    state: '/var/lib/banspool/state',
    rejected: '/var/lib/banspool/rejected',
    runtime: '/run/banspool',
    metrics: '/run/banspool/banspool.prom',
    mode: 'enforce',
    lists: '/var/lib/banspool/lists',
    exports: '/var/lib/banspool/exports',
    interval: 60_000,
    iptables: 'auto',
    backend: 'auto',
    chainPrefix: 'fail2ban-',
    hooks: ['INPUT', 'FORWARD'],
    early: false,
    families: ['ipv4', 'ipv6'],
    verdict: 'DROP',
    fleet: undefined,
    notify: undefined,
  });
});

config('a state elsewhere takes what belongs to it along', () => {
  const { state, rejected, runtime, lists, exports } = configOf('state: /tmp/x/state/\n');

  assert.equal([state, rejected, runtime], ['/tmp/x/state', '/tmp/x/rejected', '/tmp/x']);
  assert.equal([lists, exports], ['/tmp/x/lists', '/tmp/x/exports']);
});

config('folders of lists and exports are outside of the spool', () => {
  const mistakes = ['lists', 'exports'].flatMap((key) => mistakesOf(`${key}: /var/spool/banspool/web1\n`));

  assert.is(mistakes.length, 2);
  for (const mistake of mistakes) assert.match(mistake, /must not be inside the spool/);
});

config('early drops need sets, and reject nothing', () => {
  assert.is(configOf('early: true\n').early, true);
  assert.match(mistakesOf('early: true\nverdict: REJECT\n')[0] ?? '', /line 1: .*set verdict: DROP/);
  assert.match(mistakesOf('early: true\nbackend: rules\n')[0] ?? '', /line 1: .*set backend: auto/);
  assert.match(mistakesOf('early: maybe\n')[0] ?? '', /true or false/);
});

config('the interval is a number of seconds or has a unit', () => {
  const intervals = ['interval: 30', 'interval: 5m', 'interval: 1s', 'interval: "90"'].map(
    (text) => configOf(text).interval,
  );

  assert.equal(intervals, [30_000, 300_000, 1_000, 90_000]);
});

config('an interval with a capital M is a mistake, with what it may mean', () => {
  assert.equal(mistakesOf('interval: 5M'), [
    'line 1: interval: "5M" may be months or minutes: write "5mo" or "5m"',
  ]);
});

config('an interval that nobody means is a mistake', () => {
  const texts = [
    'interval: ""',
    'interval: 0',
    'interval: 2d',
    'interval: soon',
    'interval: [1]',
    'interval: -5s',
  ];

  for (const text of texts) assert.match(mistakesOf(text)[0] ?? '', /^line 1: interval: /, text);
});

config('a prefix that a built-in chain begins with is a mistake: the chain would be ours to remove', () => {
  const texts = [
    'chainPrefix: OUT',
    'chainPrefix: INPUT\nhooks: [X]',
    'chainPrefix: FOR\nhooks: [DOCKER-USER]',
  ];

  for (const text of texts) {
    assert.match(mistakesOf(text)[0] ?? '', /^line 1: chainPrefix: must not be a prefix of INPUT/, text);
  }
});

config('a prefix that iptables could read as something else is a mistake', () => {
  for (const prefix of ['""', '"-j"', '"a b"', 'x', '"fail2ban~"', 'a-prefix-of-seventeen']) {
    assert.match(mistakesOf(`chainPrefix: ${prefix}`)[0] ?? '', /chainPrefix: .* is not 3-16/, prefix);
  }
});

config('a hook that begins with the prefix is a mistake', () => {
  assert.equal(mistakesOf('verdict: DROP\nhooks: [INPUT, fail2ban-hook]'), [
    'line 2: hooks: a hook must not begin with chainPrefix: it would be taken for a chain of banspool',
  ]);
});

config('a place for refused files that servers can reach is a mistake', () => {
  for (const rejected of ['/a/spool', '/a/spool/', '/a/spool/web1', '/a/spool/x/../web1', '/a//b/../spool']) {
    assert.match(
      mistakesOf(`spool: /a/spool\nrejected: ${rejected}`)[0] ?? '',
      /^line 2: rejected: /,
      rejected,
    );
  }
  assert.equal(mistakesOf('spool: /a/spool\nrejected: /a/spool-rejected'), []);
});

config('a spool that a key or sshd could not name is a mistake', () => {
  for (const spool of [
    '/srv/my spool',
    '/srv/"spool"',
    '/srv/$HOME',
    '/srv/%u',
    '/srv/a;b',
    '/srv/spül',
    '/a#b',
  ]) {
    assert.equal(
      mistakesOf(`spool: '${spool}'`),
      [
        `line 1: spool: ${JSON.stringify(spool)} is not a path of only letters, digits and / . _ @ + -, as sshd requires`,
      ],
      spool,
    );
  }
  assert.is(configOf('spool: /srv/Ban-spool_2/a.b@c+d/').spool, '/srv/Ban-spool_2/a.b@c+d');
});

config('a state that servers can reach is a mistake, and a spool that git would keep', () => {
  for (const state of ['/a/spool', '/a/spool/state', '/a', '/a/./spool//']) {
    assert.equal(
      mistakesOf(`spool: /a/spool\nstate: ${state}`),
      ['line 2: state: must not be inside the spool, where servers can write, and must not contain it'],
      state,
    );
  }
  assert.equal(mistakesOf('spool: /a/spool\nstate: /a/spool-state'), []);
});

config('a mistake says what is expected', () => {
  assert.equal(mistakesOf('spool: here\nverdict: drop\niptables: nftables\nhooks: []\nfamilies: [ipv5]\n'), [
    'line 1: spool: "here" is not an absolute path',
    'line 3: iptables: "nftables" is not auto or nft or legacy',
    'line 4: hooks: [] is not a list of at least one chain',
    'line 5: families.0: "ipv5" is not ipv4 or ipv6',
    'line 2: verdict: "drop" is not DROP or REJECT',
  ]);
});

config('whatever stands where something else should is told in our own words', () => {
  const keys = ['spool', 'state', 'rejected', 'runtime', 'metrics', 'interval', 'iptables', 'backend'];
  for (const key of [...keys, 'chainPrefix', 'hooks', 'families', 'verdict']) {
    for (const value of ['', '-1', 'true', '[]', '[[1]]', '{ a: 1 }', '"\u0001"']) {
      const [mistake] = mistakesOf(`${key}: ${value}`);
      assert.match(mistake ?? '', new RegExp(`^line 1: ${key}.* is not `), `${key}: ${value}`);
    }
  }
});

config('an unknown key is a mistake that names the known ones', () => {
  assert.match(
    mistakesOf('\nhook: INPUT')[0] ?? '',
    /^line 2: hook: unknown key; the keys are spool, state, .*hooks/,
  );
});

config('a fleet has its folder and key beside the state, unless they are named', () => {
  const [beside, named] = [
    'state: /tmp/x/state\nfleet: { name: fw1 }\n',
    'fleet: { name: fw1, folder: /srv/fleet, key: /root/key }\n',
  ].map((text) => configOf(text).fleet);

  assert.equal(
    [beside?.name, beside?.engine, beside?.folder, beside?.key],
    [...['fw1', 'folder', '/tmp/x/fleet', '/tmp/x/fleet_key']],
  );
  assert.equal([named?.folder, named?.key], ['/srv/fleet', '/root/key']);
});

config('a fleet whose name no firewall can have, or whose folder servers reach, is a mistake', () => {
  const told = (fleet: string): string => mistakesOf(`spool: /spool\nfleet: ${fleet}\n`).join();

  for (const name of ['Fw1', '"fw1/web1"', '""', '-x'])
    assert.match(
      told(`{ name: ${name} }`),
      /^line 2: fleet\.name: ".*" is not the name of this firewall: 1-63/,
    );
  assert.match(told('{ name: 5 }'), /^line 2: fleet\.name: 5 is not the name of this firewall: 1-63/);
  assert.match(told('{ name: default }'), 'but not default');
  assert.match(told('{ folder: /srv/fleet }'), 'is missing');
  assert.match(
    told('{ name: fw1, folder: /spool/fleet }'),
    /^line 2: fleet: .* must not be inside the spool/,
  );
  assert.match(told('{ name: fw1, folder: /spool }'), 'must not be inside the spool');
  assert.match(told('{ name: fw1, folder: fleet }'), /^line 2: fleet\.folder: "fleet" /);
  assert.match(told('{ name: fw1, engine: pigeon }'), /^line 2: fleet\.engine: "pigeon" is not /);
  assert.match(told('{ name: fw1, other: 1 }'), /unknown key; the keys are name, engine, folder, key/);
  assert.match(told('fw1'), /fleet: expected a mapping of name, engine, folder, key/);
});

config.run();
