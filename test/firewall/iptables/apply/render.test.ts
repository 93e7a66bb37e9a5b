/** Whole transactions, as iptables-restore gets them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { render } from '../../../../src/firewall/iptables/apply/render.ts';
import type { EnforcedClaim } from '../../../../src/desired/portion.ts';
import { netOf } from '../../../../src/domain/net.ts';
import { observe } from '../../../../src/firewall/iptables/observed/observe.ts';
import { isSetChange } from '../../../../src/firewall/change.ts';
import type { RuleChange } from '../../../../src/firewall/iptables/plan/change.ts';
import { plan } from '../../../../src/firewall/iptables/plan/plan.ts';
import { rulesetFor, type RulesetOptions, ruleFrom } from '../../../support/rules.ts';

const rendering = suite('render');

const PREFIX = 'fail2ban-';

type Situation = Partial<Pick<RulesetOptions, 'deny' | 'allowed' | 'verdict'>> & {
  readonly hooks?: readonly string[];
};

function changesFor(
  listing: string,
  wanted: readonly EnforcedClaim[],
  situation: Situation = {},
): readonly RuleChange[] {
  const { hooks = ['INPUT', 'FORWARD'], ...rest } = situation;
  const observation = observe(listing, { family: 'ipv4', prefix: PREFIX });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  const options = {
    family: 'ipv4',
    prefix: PREFIX,
    verdict: 'DROP',
    backend: 'rules',
    deny: [],
    allowed: [],
    ...rest,
  } as const;
  const { changes } = plan(rulesetFor(wanted, options), observation.observed, {
    hooks,
    prefix: PREFIX,
    variant: 'nft',
    now: 0,
  });
  return changes.filter(
    (change): change is RuleChange => !isSetChange(change) && change.kind !== 'delete-handle',
  );
}

function textFor(listing: string, wanted: readonly EnforcedClaim[], situation: Situation = {}): string {
  return render(changesFor(listing, wanted, situation));
}

const want = (ip: string, changes: Partial<EnforcedClaim> = {}): EnforcedClaim => ({
  ip: netOf(ip),
  jail: 'sshd',
  ports: '22',
  protocols: 'tcp',
  ...changes,
});

const EMPTY = '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n';

const JUMP = '-p tcp -m multiport --dports 22 -j fail2ban-sshd';

/** A firewall with other programs on it, and one ban. */
const USUAL = `-P INPUT DROP -c 0 0
-P FORWARD DROP -c 0 0
-P OUTPUT ACCEPT -c 0 0
-N DOCKER-USER
-N fail2ban-sshd
-A INPUT -p tcp -m multiport --dports 22 -c 5 300 -j fail2ban-sshd
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -c 9 540 -j ACCEPT
-A FORWARD -p tcp -m multiport --dports 22 -c 5 300 -j fail2ban-sshd
-A FORWARD -c 9 540 -j DOCKER-USER
-A DOCKER-USER -c 9 540 -j RETURN
-A fail2ban-sshd -s 203.0.113.7/32 -c 2 120 -j DROP
-A fail2ban-sshd -c 3 180 -j RETURN
`;

rendering('the first bans make chains and jumps', () => {
  const text = textFor(EMPTY, [
    want('203.0.113.7'),
    want('203.0.113.8'),
    want('203.0.113.9', { jail: 'apache', ports: '80,443' }),
  ]);

  assert.is(
    text,
    `*filter
:fail2ban-apache - [0:0]
:fail2ban-sshd - [0:0]
-A fail2ban-apache -s 203.0.113.9/32 -j DROP
-A fail2ban-apache -j RETURN
-A fail2ban-sshd -s 203.0.113.7/32 -j DROP
-A fail2ban-sshd -s 203.0.113.8/32 -j DROP
-A fail2ban-sshd -j RETURN
-I INPUT 1 -p tcp -m multiport --dports 80,443 -j fail2ban-apache
-I INPUT 2 -p tcp -m multiport --dports 22 -j fail2ban-sshd
-I FORWARD 1 -p tcp -m multiport --dports 80,443 -j fail2ban-apache
-I FORWARD 2 -p tcp -m multiport --dports 22 -j fail2ban-sshd
COMMIT
`,
  );
});

rendering('what is as it should be needs nothing', () => {
  assert.equal(changesFor(USUAL, [want('203.0.113.7')]), []);
});

rendering('one more ban is one rule', () => {
  assert.is(
    textFor(USUAL, [want('203.0.113.7'), want('203.0.113.8')]),
    `*filter
-I fail2ban-sshd 1 -s 203.0.113.8/32 -j DROP
COMMIT
`,
  );
});

rendering('a ban that ended is one rule less', () => {
  const two = `${USUAL}-A fail2ban-sshd -s 203.0.113.8/32 -j DROP\n`.replace(
    /(-A fail2ban-sshd -c 3 180.*\n)(.*\n)/,
    '$2$1',
  );

  assert.is(
    textFor(two, [want('203.0.113.8')]),
    `*filter
-D fail2ban-sshd -s 203.0.113.7/32 -j DROP
COMMIT
`,
  );
});

rendering('with the last ban of a jail its chain and its jumps go', () => {
  assert.is(
    textFor(USUAL, []),
    `*filter
-D INPUT ${JUMP}
-D FORWARD ${JUMP}
-F fail2ban-sshd
-X fail2ban-sshd
COMMIT
`,
  );
});

rendering('an allowed net goes to the top of the chain that would drop it', () => {
  const text = textFor(USUAL, [want('203.0.113.7'), want('192.0.2.0/24')], {
    allowed: ['192.0.2.8', '192.0.2.7'].map(netOf),
  });

  assert.is(
    text,
    `*filter
-I fail2ban-sshd 1 -s 192.0.2.7/32 -j RETURN
-I fail2ban-sshd 2 -s 192.0.2.8/32 -j RETURN
-I fail2ban-sshd 3 -s 192.0.2.0/24 -j DROP
COMMIT
`,
  );
});

rendering('the deny list is ahead of all jails', () => {
  assert.is(
    textFor(USUAL, [want('203.0.113.7')], { deny: [netOf('198.51.100.0/24')] }),
    `*filter
:fail2ban-.deny - [0:0]
-A fail2ban-.deny -s 198.51.100.0/24 -j DROP
-A fail2ban-.deny -j RETURN
-I INPUT 1 -j fail2ban-.deny
-I FORWARD 1 -j fail2ban-.deny
COMMIT
`,
  );
});

rendering('a jump that another program got ahead of goes back to the top', () => {
  const [head = '', ...rest] = USUAL.split('-A FORWARD ');
  const docker = `${head}-A FORWARD -c 0 0 -j DOCKER-USER\n-A FORWARD ${rest.join('-A FORWARD ')}`;

  assert.is(
    textFor(docker, [want('203.0.113.7')]),
    `*filter
-D FORWARD ${JUMP}
-I FORWARD 1 ${JUMP}
COMMIT
`,
  );
});

rendering('a chain that another program flushed is filled again', () => {
  const flushed = USUAL.split('\n')
    .filter((line) => !line.startsWith('-A'))
    .join('\n');

  assert.is(
    textFor(flushed, [want('203.0.113.7')]),
    `*filter
-I fail2ban-sshd 1 -s 203.0.113.7/32 -j DROP
-I fail2ban-sshd 2 -j RETURN
-I INPUT 1 ${JUMP}
-I FORWARD 1 ${JUMP}
COMMIT
`,
  );
});

rendering(
  'what somebody put into a chain of ours goes with a rewrite, since not all is found by what is printed',
  () => {
    const edited = `${USUAL}-A fail2ban-sshd -i eth0 -m comment --comment "it's mine" -c 1 60 -j ACCEPT\n`;

    assert.is(
      textFor(edited, [want('203.0.113.7')]),
      `*filter
:fail2ban-sshd - [0:0]
-A fail2ban-sshd -c 2 120 -s 203.0.113.7/32 -j DROP
-A fail2ban-sshd -c 3 180 -j RETURN
COMMIT
`,
    );
  },
);

rendering('what somebody doubled of ours goes', () => {
  const edited = `${USUAL}-A fail2ban-sshd -s 203.0.113.7/32 -c 0 0 -j DROP
-A INPUT -p tcp -m tcp --dport 22 -c 0 0 -j fail2ban-sshd
-A DOCKER-USER -c 0 0 -j fail2ban-sshd
`;

  assert.is(
    textFor(edited, [want('203.0.113.7')]),
    `*filter
-D fail2ban-sshd -s 203.0.113.7/32 -j DROP
-D fail2ban-sshd -s 203.0.113.7/32 -j DROP
-I fail2ban-sshd 1 -s 203.0.113.7/32 -j DROP
-D INPUT -p tcp -m tcp --dport 22 -j fail2ban-sshd
-D DOCKER-USER -j fail2ban-sshd
COMMIT
`,
  );
});

rendering('chains that lead to each other are emptied before they are removed', () => {
  const strays = `${EMPTY}-N fail2ban-a\n-N fail2ban-b\n-A fail2ban-a -j fail2ban-b\n-A OUTPUT -j fail2ban-a\n`;

  assert.is(
    textFor(strays, []),
    `*filter
-D OUTPUT -j fail2ban-a
-F fail2ban-a
-F fail2ban-b
-X fail2ban-a
-X fail2ban-b
COMMIT
`,
  );
});

rendering('ports that changed are a new jump, and the chain stays', () => {
  assert.is(
    textFor(USUAL, [want('203.0.113.7', { ports: '22,2222' })]),
    `*filter
-D INPUT ${JUMP}
-I INPUT 1 -p tcp -m multiport --dports 22,2222 -j fail2ban-sshd
-D FORWARD ${JUMP}
-I FORWARD 1 -p tcp -m multiport --dports 22,2222 -j fail2ban-sshd
COMMIT
`,
  );
});

rendering('a verdict that changed is a new rule for each ban', () => {
  assert.is(
    textFor(USUAL, [want('203.0.113.7')], { verdict: 'REJECT' }),
    `*filter
-D fail2ban-sshd -s 203.0.113.7/32 -j DROP
-I fail2ban-sshd 1 -s 203.0.113.7/32 -j REJECT --reject-with icmp-port-unreachable
COMMIT
`,
  );
});

rendering('a chain that is written anew takes its counters along', () => {
  const changes: readonly RuleChange[] = [
    {
      kind: 'rewrite',
      chain: 'fail2ban-sshd',
      rules: [
        { rule: ruleFrom('-s 203.0.113.7/32 -j DROP'), packets: 2, bytes: 120 },
        { rule: ruleFrom('-j RETURN'), packets: 3, bytes: 180 },
      ],
      difference: { added: [], removed: [] },
    },
  ];

  assert.is(
    render(changes),
    `*filter
:fail2ban-sshd - [0:0]
-A fail2ban-sshd -c 2 120 -s 203.0.113.7/32 -j DROP
-A fail2ban-sshd -c 3 180 -j RETURN
COMMIT
`,
  );
});

rendering('a hook that is not ours to use any more loses its jumps', () => {
  assert.is(
    textFor(USUAL, [want('203.0.113.7')], { hooks: ['INPUT', 'DOCKER-USER'] }),
    `*filter
-D FORWARD ${JUMP}
-I DOCKER-USER 1 ${JUMP}
COMMIT
`,
  );
});

rendering.run();
