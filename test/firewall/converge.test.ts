import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { converge, type Converged } from '../../src/firewall/converge.ts';
import { IptablesDataplane } from '../../src/firewall/iptables/iptables-dataplane.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { netOf } from '../../src/domain/net.ts';
import type { Tools } from '../../src/system/firewall/iptables.ts';
import type { Ruleset } from '../../src/firewall/dataplane.ts';
import { FakeFirewall } from '../support/fake-firewall.ts';
import { rulesetFor } from '../support/rules.ts';

const enforcing = suite('enforce');

const NOW = 1_795_330_000_000;

const CONFIG = { backend: 'ipset', chainPrefix: 'fail2ban-', hooks: ['INPUT'], verdict: 'DROP' } as const;

const BAN = { ip: netOf('203.0.113.7'), jail: 'sshd', ports: '22', protocols: 'tcp' };

interface Known {
  readonly until?: number;
  /** What was enforced before. */
  readonly before?: Converged;
  /** True where what was seen then is trusted, but for the table. */
  readonly isSuspect?: boolean;
}

/** Enforces one ban on a firewall of which nothing else is known. */
async function enforceOn(firewall: Tools, { until, before, isSuspect }: Known = {}): Promise<Converged> {
  const wanted = rulesetFor([{ ...BAN, ...(until !== undefined && { until }) }], {
    ...{ family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', backend: 'ipset' },
    ...{ deny: [], allowed: [] },
  });
  return converge(wanted, {
    dataplane: new IptablesDataplane(firewall, { family: 'ipv4', config: CONFIG, now: () => NOW }),
    trusted: isSuspect === undefined ? undefined : before?.observed,
    ...{ isSuspect: isSuspect === true, before: before?.ruleset },
    cut: () => new Map(),
  });
}

/** To be spread, with parts that are replaced. */
const toolsOf = (firewall: Tools): Tools => firewall;

enforcing('what has to wait until a set of another kind is gone is no drift', async () => {
  const firewall = new FakeFirewall('nft');
  await firewall.sets.restore('create fail2ban-sshd hash:ip family inet hashsize 1024 maxelem 65536\n');
  firewall.edit(
    'ipv4',
    '-N fail2ban-sshd',
    '-A fail2ban-sshd -m set --match-set fail2ban-sshd src -j DROP',
    '-A INPUT -j fail2ban-sshd',
  );

  const { drift, changes, remaining } = await enforceOn(firewall);

  assert.equal(remaining, []);
  assert.equal(
    [...new Set(changes.map(({ kind }) => kind))],
    ['delete', 'destroy-set', 'make-set', 'insert'],
  );
  assert.equal(drift, []);
});

enforcing('a second time there is nothing to do', async () => {
  const firewall = new FakeFirewall('nft');
  await enforceOn(firewall);

  const { changes, drift, remaining } = await enforceOn(firewall);

  assert.equal([changes, drift, remaining], [[], [], []]);
});

enforcing(
  'a set that the kernel counts as in use for a moment after our rule went keeps its name',
  async () => {
    const firewall = new FakeFirewall('nft');
    await firewall.sets.restore('create fail2ban-sshd hash:ip family inet hashsize 1024 maxelem 65536\n');
    firewall.edit(
      'ipv4',
      '-N fail2ban-sshd',
      '-A fail2ban-sshd -m set --match-set fail2ban-sshd src -j DROP',
      '-A INPUT -j fail2ban-sshd',
    );
    const { list, restore, restoreLong } = firewall.sets;
    const heads = async (): Promise<string> =>
      (await firewall.sets.heads()).replace('References: 0', 'References: 1');

    const { changes, remaining } = await enforceOn({
      ...toolsOf(firewall),
      sets: { kind: 'usable', heads, list, restore, restoreLong },
    });

    assert.equal(remaining, []);
    assert.equal(
      changes.flatMap((change) => (change.kind === 'make-set' ? [change.set.name] : [])),
      ['fail2ban-sshd'],
    );
  },
);

enforcing('that the time of a long ban runs in a set is mended, and nobody’s doing', async () => {
  const firewall = new FakeFirewall('nft');
  const until = NOW + 300 * 24 * 3600 * 1000;
  const before = await enforceOn(firewall, { until });
  await firewall.sets.restore('add fail2ban-sshd 203.0.113.7 timeout 1000000\n');

  const { changes, drift } = await enforceOn(firewall, { until, before });

  assert.equal(
    changes.map(({ kind }) => kind),
    ['change-set'],
  );
  assert.equal(drift, []);
});

enforcing('a refusal that was overcome is not what keeps the rest from coming right', async () => {
  const firewall = new FakeFirewall('nft');
  let tries = 0;

  const { remaining } = await enforceOn({
    ...toolsOf(firewall),
    restore: async (family, text) => {
      tries += 1;
      if (tries === 1) throw new Error('refused once');
      await firewall.restore(family, text);
      firewall.edit('ipv4', '-F fail2ban-sshd');
    },
  });

  assert.is(tries, 3);
  assert.equal(
    remaining.map(({ kind }) => kind),
    ['insert', 'insert'],
  );
});

for (const isDone of [true, false]) {
  enforcing(
    `what nobody acknowledged is read again, and told as ours${isDone ? '' : ' once it is done'}`,
    async () => {
      const firewall = new FakeFirewall('nft');
      const expected = await enforceOn(new FakeFirewall('nft'));
      let tries = 0;

      const { changes, drift, remaining } = await enforceOn({
        ...toolsOf(firewall),
        restore: async (family, text) => {
          tries += 1;
          if (tries > 1 || isDone) await firewall.restore(family, text);
          if (tries === 1) throw new BanspoolError('unacknowledged', 'it did not acknowledge a change');
        },
      });

      assert.is(tries, isDone ? 1 : 2);
      assert.equal([remaining, drift], [[], []]);
      assert.equal(
        changes.flatMap((change) => ('chain' in change ? [change] : [])),
        expected.changes.flatMap((change) => ('chain' in change ? [change] : [])),
      );
    },
  );
}

enforcing('a chain that somebody emptied is told as such, and what was in it as drift', async () => {
  const firewall = new FakeFirewall('nft');
  const before = await enforceOn(firewall);
  firewall.edit('ipv4', '-F fail2ban-sshd');

  const { emptied, drift, remaining } = await enforceOn(firewall, { before });

  assert.equal([...emptied], ['fail2ban-sshd']);
  assert.equal([...new Set(drift.map(({ kind }) => kind))], ['insert']);
  assert.equal(remaining, []);
});

enforcing('what was seen is trusted until somebody changes the table', async () => {
  const firewall = new FakeFirewall('nft');
  const before = await enforceOn(firewall);
  firewall.edit('ipv4', '-F INPUT');

  const trusting = await enforceOn(firewall, { before, isSuspect: false });
  const suspecting = await enforceOn(firewall, { before, isSuspect: true });

  assert.equal([trusting.changes, trusting.drift], [[], []]);
  assert.is(suspecting.changes.length, 1);
  assert.equal(suspecting.drift, suspecting.changes);
});

for (const [what, words, expected] of [
  ['is the same twice ends it', () => 'refused', { tries: 2, error: 'refused' }],
  [
    'is another each time ends it after the third',
    (tries: number) => `refused ${tries}`,
    { tries: 3, error: 'refused 3' },
  ],
] as const)
  enforcing(`a refusal that ${what}, and is what is told`, async () => {
    let tries = 0;

    const error = await enforceOn({
      ...toolsOf(new FakeFirewall('nft')),
      restore: () => {
        tries += 1;
        return Promise.reject(new Error(words(tries)));
      },
    }).catch((thrown: unknown) => (thrown as Error).message);

    assert.equal({ tries, error }, expected);
  });

enforcing('what was counted since the table was seen stays where a chain is written anew', async () => {
  const firewall = new FakeFirewall('nft');
  const settings = { family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', backend: 'rules' } as const;
  const dataplane = new IptablesDataplane(firewall, { family: 'ipv4', config: CONFIG, now: () => NOW });
  const others = Array.from({ length: 300 }, (_, index) => netOf(`198.51.${index % 2}.${index >> 1}`));
  const holding = (bans: Parameters<typeof rulesetFor>[0]): Ruleset =>
    rulesetFor(bans, { ...settings, deny: [], allowed: [] });
  const [all, one] = [holding([BAN, ...others.map((ip) => ({ ...BAN, ip }))]), holding([BAN])];
  const rest = { dataplane, isSuspect: false, cut: () => new Map<string, number>() };
  const { observed } = await converge(all, { ...rest, trusted: undefined, before: undefined });
  firewall.count('ipv4', '-A fail2ban-sshd -s 203.0.113.7/32 -j DROP', 7);

  const { changes } = await converge(one, { ...rest, trusted: observed, before: all });

  assert.equal(
    changes.map(({ kind }) => kind),
    ['rewrite'],
  );
  assert.match(await firewall.list('ipv4'), '-A fail2ban-sshd -s 203.0.113.7/32 -c 7 420 -j DROP');
});

enforcing.run();
