import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EscalateRule } from '../../src/policy/escalate-schema.ts';
import { readPolicy } from '../../src/policy/policy.ts';

const rules = suite('escalate in policy.yaml');

function rulesOf(text: string): readonly EscalateRule[] {
  const read = readPolicy(`escalate:\n${text}`);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy.escalate;
}

function mistakeOf(rule: string): string {
  const read = readPolicy(`escalate:\n  - ${rule}\n`);
  return read.kind === 'mistakes' ? (read.mistakes[0]?.message ?? '') : '';
}

rules('each count one thing, for a time, and ban for one', () => {
  const [servers, bans, addresses] = rulesOf(`
  - { name: seen-by-two, servers: 2, within: 1h, ban: 1d, ports: all }
  - { name: repeated, bans: 3, within: 7d, ban: 1w, ports: "8000-8010, 22", protocol: "udp,tcp", jails: [sshd] }
  - { name: whole-net, addresses: 4, within: 1d, net4: 20, ban: never }
`);

  assert.equal(servers, {
    ...{ name: 'seen-by-two', counts: 'servers', least: 2, net: { ipv4: 24, ipv6: 64 } },
    ...{ within: 3_600_000, ban: 86_400_000, ports: 'all', protocols: 'all', jails: undefined },
  });
  assert.equal(
    [bans?.counts, bans?.least, bans?.ports, bans?.protocols, bans?.jails],
    ['bans', 3, '22,8000:8010', 'tcp,udp', ['sshd']],
  );
  assert.equal([addresses?.net, addresses?.ban], [{ ipv4: 20, ipv6: 64 }, Infinity]);
});

rules('that cannot be understood are told of', () => {
  const rest = 'within: 1h, ban: 1d';

  assert.match(mistakeOf(`{ name: a, ${rest} }`), /^escalate.0: expected one of servers, bans, addresses/);
  assert.match(
    mistakeOf(`{ name: a, servers: 2, bans: 2, ${rest} }`),
    /^escalate.0: expected one of servers, bans/,
  );
  assert.match(
    mistakeOf(`{ name: a, servers: 1, ${rest} }`),
    /servers: 1 is not a whole number from 2 to 1000/,
  );
  assert.match(mistakeOf(`{ name: a, bans: 2, net4: 24, ${rest} }`), /net4 and net6 go with addresses/);
  assert.match(mistakeOf(`{ name: a, bans: 2, ports: ssh, ${rest} }`), /"ssh" is not port numbers/);
  assert.match(mistakeOf(`{ name: a, bans: 2, protocol: gre, ${rest} }`), /"gre" is not a list of tcp/);
  assert.match(mistakeOf('{ name: a, bans: 2, within: 1h }'), /^ban is missing/);
  assert.match(mistakeOf(`{ name: "a b", bans: 2, ${rest} }`), /"a b" is not the name of a rule/);
  const twice = `{ name: a, bans: 2, ${rest} }`;
  assert.match(mistakeOf(`${twice}\n  - ${twice}`), /two rules are called a/);
});

rules.run();
