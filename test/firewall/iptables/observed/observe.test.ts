import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  observe,
  type Observation,
  type Observed,
  type ObservedRule,
} from '../../../../src/firewall/iptables/observed/observe.ts';
import { RETURN_RULE } from '../../../../src/firewall/iptables/rules/rule.ts';
import { ruleFrom } from '../../../support/rules.ts';

const observing = suite('observe');

const read = (listing: string): Observation => observe(listing, { family: 'ipv4', prefix: 'fail2ban-' });

function observed(listing: string): Observed {
  const observation = read(listing);
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  return observation.observed;
}

const BUILT_IN = '-P INPUT ACCEPT -c 10 600\n-P FORWARD DROP -c 0 0\n-P OUTPUT ACCEPT -c 3 180\n';

const HEAD = `${BUILT_IN}-N fail2ban-sshd\n`;

/** The only rule of INPUT when it holds this one line. */
function ruleOf(line: string): ObservedRule | undefined {
  return observed(`${HEAD}-A INPUT ${line}\n`).chains.get('INPUT')?.[0];
}

observing('a listing becomes chains with their rules in order', () => {
  const { chains } = observed(
    `${HEAD}-N ufw-before-input
-A INPUT -p tcp -m multiport --dports 22 -c 5 300 -j fail2ban-sshd
-A INPUT -c 9 540 -j ufw-before-input
-A fail2ban-sshd -s 203.0.113.7/32 -c 2 120 -j DROP
-A fail2ban-sshd -c 3 180 -j RETURN
`,
  );

  assert.equal(Object.fromEntries(chains), {
    INPUT: [
      {
        kind: 'ours',
        rule: ruleFrom('-p tcp -m multiport --dports 22 -j fail2ban-sshd'),
        printed: '-p tcp -m multiport --dports 22 -j fail2ban-sshd',
        jumpsTo: 'fail2ban-sshd',
        packets: 5,
        bytes: 300,
      },
      { kind: 'foreign', bare: 'ufw-before-input' },
    ],
    FORWARD: [],
    OUTPUT: [],
    'ufw-before-input': [],
    'fail2ban-sshd': [
      {
        kind: 'ours',
        rule: ruleFrom('-s 203.0.113.7/32 -j DROP'),
        printed: '-s 203.0.113.7/32 -j DROP',
        packets: 2,
        bytes: 120,
      },
      { kind: 'ours', rule: RETURN_RULE, printed: '-j RETURN', packets: 3, bytes: 180 },
    ],
  });
});

observing('ours are known by their chain, and jumps by where they lead', () => {
  const ours = [
    '-j fail2ban-sshd',
    '-g fail2ban-sshd',
    '-p tcp -m tcp --dport 22 -j fail2ban-sshd',
    '-i eth0 -m comment --comment "by hand" -j fail2ban-sshd',
    '-m comment --comment -j -j fail2ban-sshd',
    '-c 1 60 -j fail2ban-sshd',
  ];
  const foreign = [
    '-j DROP',
    '-j f2b-sshd',
    '-s 203.0.113.7/32 -j DROP',
    '-m comment --comment "-j fail2ban-sshd" -j ACCEPT',
    '-m comment --comment fail2ban-sshd -j ACCEPT',
    '-j LOG --log-prefix "-j fail2ban-sshd "',
    '-j LOG --log-prefix -j --log-level 4',
    '-j NFLOG --nflog-prefix fail2ban-sshd',
    '-m comment --comment "no target"',
    '-p tcp',
  ];

  const kinds = [...ours, ...foreign].map((line) => ruleOf(line)?.kind);

  assert.equal(kinds, [...ours.map(() => 'ours'), ...foreign.map(() => 'foreign')]);
});

observing('every rule in a chain of ours is ours, whatever it says', () => {
  const { chains } = observed(
    `${HEAD}-A fail2ban-sshd -i eth0 -m comment --comment "it's \\"mine\\"" -c 1 60 -j ACCEPT\n`,
  );

  assert.equal(chains.get('fail2ban-sshd'), [
    {
      kind: 'ours',
      rule: undefined,
      printed: `-i eth0 -m comment --comment "it\\'s \\"mine\\"" -j ACCEPT`,
      strange: { isPlain: true, target: 'ACCEPT' },
      packets: 1,
      bytes: 60,
    },
  ]);
});

observing('a rule that means one of ours is known in our form, and deleted as it was printed', () => {
  const rule = ruleOf('-p tcp -m tcp --dport 22 -j fail2ban-sshd');

  assert.is(rule?.kind === 'ours' ? rule.rule?.text : '', '-p tcp -m multiport --dports 22 -j fail2ban-sshd');
  assert.is(rule?.kind === 'ours' ? rule.printed : '', '-p tcp -m tcp --dport 22 -j fail2ban-sshd');
});

observing('counters are read wherever they stand, and a comment that looks like some is none', () => {
  const counted = [
    '-c 7 420 -j fail2ban-sshd',
    '-m comment --comment "-c 1 2" -c 7 420 -j fail2ban-sshd',
    '-m comment --comment -c -c 7 420 -j fail2ban-sshd',
  ]
    .map(ruleOf)
    .map((rule) => (rule?.kind === 'ours' ? [rule.packets, rule.bytes] : []));

  assert.equal(counted, [
    [7, 420],
    [7, 420],
    [7, 420],
  ]);
});

observing('lines that are no rules are noise and told of; comments are not', () => {
  const observation = read(`# Warning: iptables-legacy tables present\n${HEAD}xtables: hello\n\n-Z INPUT\n`);

  assert.equal(observation.kind === 'observed' ? observation.noise : [], ['xtables: hello', '-Z INPUT']);
});

observing('a listing without INPUT is not trusted: it is a cut one, or none', () => {
  for (const listing of ['', 'error\n', '-N fail2ban-sshd\n', '# Warning\n']) {
    assert.is(read(listing).kind, 'unreadable', listing);
  }
});

observing('a rule of a chain that was not listed makes the listing untrusted', () => {
  const observation = read(`${BUILT_IN}-A fail2ban-sshd -j RETURN\n`);

  assert.equal(observation, {
    kind: 'unreadable',
    reason: 'a rule of a chain not listed: "-A fail2ban-sshd -j RETURN"',
  });
});

observing('no text makes the reader throw', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '-A',
      '-N',
      '-P',
      'INPUT',
      'fail2ban-x',
      '-j',
      '-c',
      '1',
      '-s',
      '203.0.113.7',
      '"',
      '\\',
      '"a b"',
      '-m',
      '!',
    ),
    fc.string({ maxLength: 6 }),
  );
  const line = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));

  fc.assert(
    fc.property(fc.array(line), (lines) => {
      assert.ok(read(`${HEAD}${lines.join('\n')}`).kind.length > 0);
    }),
    { numRuns: 1000 },
  );
});

observing('a listing of twenty thousand rules is read in a moment', () => {
  const rules = Array.from(
    { length: 20_000 },
    (_, index) => `-A fail2ban-sshd -s 10.0.${index >> 8}.${index & 255}/32 -c 0 0 -j DROP\n`,
  );
  const startedAt = process.cpuUsage();

  const { chains } = observed(HEAD + rules.join(''));

  const { user } = process.cpuUsage(startedAt);
  assert.is(chains.get('fail2ban-sshd')?.length, 20_000);
  assert.ok(user < 2_000_000, `${user} µs`);
});

observing.run();
