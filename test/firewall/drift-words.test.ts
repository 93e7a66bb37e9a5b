import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { driftText, readDriftText, type Drift } from '../../src/firewall/drift-words.ts';
import { ruleFrom } from '../support/rules.ts';

const telling = suite('words for drift');

const DRIFT: Drift = {
  ...{ family: 'ipv4', changes: [], emptied: new Set<string>() },
  ...{ culprits: ['iptables (pid 11227)'], took: 32.6 },
};

const rules = Array.from({ length: 114 }, (_, host) => ruleFrom(`-s 198.51.100.${host}/32 -j DROP`));

telling('a flush of many rules is one line, with the culprit first', () => {
  const changes = rules.map((rule, at) => ({ kind: 'insert', chain: 'fail2ban-sshd', at, rule }) as const);
  const emptied = new Set(['fail2ban-sshd']);

  assert.is(
    driftText({ ...DRIFT, changes, emptied }),
    'drift: iptables (pid 11227) emptied fail2ban-sshd (114 rules); restored in 33 ms',
  );
});

telling('chains that are gone, jumps and single rules are told of in the same line', () => {
  const changes: Drift['changes'] = [
    { kind: 'create', chain: 'fail2ban-sshd', rules },
    { kind: 'insert', chain: 'INPUT', at: 1, rule: ruleFrom('-j fail2ban-sshd') },
    { kind: 'delete', chain: 'fail2ban-web', printed: '-s 192.0.2.1/32 -j ACCEPT' },
  ];

  assert.is(
    driftText({ ...DRIFT, family: 'ipv6', changes, culprits: [], took: undefined }),
    'drift: another program deleted fail2ban-sshd (114 rules), removed "-j fail2ban-sshd" from INPUT' +
      ' and added "-s 192.0.2.1/32 -j ACCEPT" to fail2ban-web (ipv6); restored',
  );
});

telling('of what befell many chains a count tells', () => {
  const changes = Array.from({ length: 9 }, (_, jail) => ({
    ...{ kind: 'create', chain: `fail2ban-${jail}` },
    rules: [ruleFrom('-j RETURN')],
  })) as unknown as Drift['changes'];

  assert.match(driftText({ ...DRIFT, changes }), 'fail2ban-2 (1 rule) and 6 more changes; restored in 33 ms');
});

telling('what befell a set is told of as well', () => {
  const changes: Drift['changes'] = [
    {
      kind: 'change-set',
      set: 'fail2ban-sshd',
      added: [{ text: '198.51.100.7' }],
      removed: [],
      refreshed: [],
    },
    { kind: 'destroy-set', set: 'fail2ban-odd' },
  ];

  assert.match(
    driftText({ ...DRIFT, changes }),
    'changed set fail2ban-sshd (198.51.100.7 removed) and created set fail2ban-odd; restored',
  );
});

telling('is read again as what it says', () => {
  const changes: Drift['changes'] = [
    { kind: 'create', chain: 'fail2ban-sshd', rules },
    { kind: 'insert', chain: 'INPUT', at: 1, rule: ruleFrom('-j fail2ban-sshd') },
    { kind: 'delete', chain: 'fail2ban-web', printed: '-m comment --comment "a, b" -j RETURN' },
    { kind: 'change-set', set: 'fail2ban-x:6', added: [], removed: ['::1', '::2'], refreshed: [] },
  ];
  const thousands = Array.from({ length: 1_200 }, () => rules[0]).flatMap((rule) =>
    rule === undefined ? [] : [{ kind: 'insert', chain: 'fail2ban-sshd', at: 1, rule } as const],
  );
  const culprits = ['iptables (pid 1)', 'a, (pid 2) b (pid 3)'];

  assert.equal(readDriftText(driftText({ ...DRIFT, family: 'ipv6', changes, culprits })), {
    ...{ family: 'ipv6', culprits, took: 33, more: 0 },
    changes: [
      { did: 'deleted', name: 'fail2ban-sshd', isSet: false, count: 114, rule: undefined },
      { did: 'changed', name: 'fail2ban-x:6', isSet: true, count: undefined, rule: undefined },
      { did: 'removed', name: 'INPUT', isSet: false, count: 1, rule: '-j fail2ban-sshd' },
      {
        ...{ did: 'added', name: 'fail2ban-web', isSet: false, count: 1 },
        rule: '-m comment --comment "a, b" -j RETURN',
      },
    ],
  });
  const flushed = { ...DRIFT, changes: thousands, took: undefined, culprits: [] };
  assert.equal(readDriftText(driftText(flushed)), {
    ...{ family: 'ipv4', culprits: [], took: undefined, more: 0 },
    changes: [{ did: 'removed', name: 'fail2ban-sshd', isSet: false, count: 1200, rule: undefined }],
  });
});

telling('is read as far as it goes where it counts, or is in other words', () => {
  const created = Array.from(
    { length: 9 },
    (_, jail) => ({ kind: 'remove', chain: `fail2ban-${jail}` }) as const,
  );
  const told = readDriftText(driftText({ ...DRIFT, changes: created }));
  const other = readDriftText('drift: iptables (pid 7) changed something else; restored in 1 ms');

  assert.equal([told?.changes?.length, told?.more], [3, 6]);
  assert.equal([other?.culprits, other?.changes], [['iptables (pid 7)'], undefined]);
  assert.is(readDriftText('repaired: - chain fail2ban-sshd'), undefined);
});

telling.run();
