/** Promise 4: no input from a server can cut the firewall off its neighbours, without which nothing passes it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTACKER, buildScript, enter, FIREWALL, serverSite } from '../lab/topology.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { requirePrivateNetwork } from '../support/namespaces.ts';
import { outputOf, runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('neighbours');

/** The next hop, through which all that is far away comes. */
const HOP = ATTACKER;
const SERVER = serverSite(1);
const FAR = '2001:db8:c::9';

/** What an intent says that takes ICMPv6; what sshguard's says is the last. */
const SCOPES = {
  'tcp,icmp': { jail: 'both', ports: '22', protocol: 'tcp,icmp' },
  all: { jail: 'sshguard', ports: 'all', protocol: 'all' },
} as const;

for (const [variant, backend] of [
  ['nft', 'rules'],
  ['nft', 'ipset'],
  ['legacy', 'rules'],
] as const) {
  for (const [protocol, scope] of Object.entries(SCOPES)) {
    test(`stay reachable when a server bans the next hop for ${protocol} (${variant}, ${backend})`, async () => {
      await using network = await Network.make({ iptables: variant, backend });
      network.sandbox.drop('web1', banText(HOP.ipv6, scope));

      await network.reconcile();

      assert.ok(await network.connects(), 'the far side cannot be reached');
      assert.not.ok(await network.pings(), 'the ban is not in force');
    });
  }

  test(`stay reachable when their whole net is banned, and denied (${variant}, ${backend})`, async () => {
    await using network = await Network.make({ iptables: variant, backend });
    network.sandbox.drop('web1', banText('2001:db8:a::/64', SCOPES.all));
    network.sandbox.writePolicy('deny:\n  - { net: "2001:db8:a::/64" }\n');

    await network.reconcile();

    assert.ok(await network.connects(), 'the far side cannot be reached');
    assert.not.ok(await network.pings(), 'the ban is not in force');
  });
}

test('are asked what they listen to, though who asks is banned', async () => {
  await using network = await Network.make();
  await outputOf([...enter(HOP.name), 'sh', '-ec', QUERIER]);
  await network.sandbox.cli('ban', 'fe80::/64', '--for', '1h');
  await network.reconcile();
  const before = await network.queriesHeard();

  await eventually(async () => {
    assert.ok((await network.queriesHeard()) > before);
  });
});

test('are let by only where no router stands between', async () => {
  await using network = await Network.make();
  network.sandbox.drop('web1', banText(HOP.ipv6, SCOPES.all));
  // As a firewall sees what comes from further away. First of all: a host that has just come up asks for routers by
  // itself.
  await iptables(['-t', 'mangle', '-A', 'PREROUTING', '-j', 'HL', '--hl-dec', '1'], IN_FIREWALL);
  await network.reconcile();

  await network.connects();
  await network.pings();

  const rules = await iptablesRules({ ...IN_FIREWALL, counters: true });
  const letBy = rules.filter((rule) => rule.includes('--icmpv6-type') && !rule.includes('-c 0 0'));
  assert.equal(letBy, []);
  assert.match(rules.join('\n'), /-s 2001:db8:a::7\/128 -c [1-9]\d* \d+ -j DROP/);
});

const IN_FIREWALL = { family: 'ipv6', enter: enter(FIREWALL) } as const;

/** A switch that asks who listens, as snooping switches do. */
const QUERIER = `
ip link add br0 type bridge mcast_querier 1 mcast_startup_query_interval 100 mcast_query_interval 100
ip link set eth0 master br0
ip link set br0 up`;

class Network implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly #server: Child;

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    const listen = 'TCP6-LISTEN:8080,fork,reuseaddr';
    this.#server = new Child([...enter(SERVER.name), 'socat', listen, 'SYSTEM:echo hello']);
  }

  static async make(config: Readonly<Record<string, string>> = {}): Promise<Network> {
    requirePrivateNetwork();
    await outputOf(['sh', '-ec', buildScript([HOP, SERVER])]);
    await outputOf([...enter(HOP.name), 'ip', 'address', 'add', `${FAR}/128`, 'dev', 'lo']);
    await outputOf([...enter(FIREWALL), 'ip', '-6', 'route', 'add', FAR, 'via', HOP.ipv6, 'dev', HOP.name]);
    const network = new Network(await Sandbox.open({ config, enter: enter(FIREWALL) }));
    await eventually(async () => {
      assert.ok(await network.connects(), 'without a ban');
      assert.ok(await network.pings(), 'without a ban');
    });
    return network;
  }

  async reconcile(): Promise<void> {
    const ran = await this.sandbox.cli('reconcile');
    assert.is(ran.code, 0, ran.stderr);
  }

  /** Whether the far side reaches the server, when the firewall and the next hop have to look for each other anew. */
  async connects(): Promise<boolean> {
    await outputOf([...enter(FIREWALL), 'ip', '-6', 'neighbour', 'flush', 'dev', HOP.name]);
    await outputOf([...enter(HOP.name), 'ip', '-6', 'neighbour', 'flush', 'dev', 'eth0']);
    const target = `TCP6:[${SERVER.ipv6}]:8080,bind=[${FAR}],connect-timeout=5`;
    const ran = await runProgram([...enter(HOP.name), 'socat', '-u', target, '-']);
    return ran.stdout === 'hello\n';
  }

  /** Whether the firewall answers the next hop's ping. */
  async pings(): Promise<boolean> {
    const ran = await runProgram([...enter(HOP.name), 'python3', '-c', PING, HOP.ipv6, HOP.gateway6]);
    return ran.code === 0;
  }

  /** How many times the firewall was asked what it listens to. */
  async queriesHeard(): Promise<number> {
    const counters = await outputOf([...enter(FIREWALL), 'cat', '/proc/net/snmp6']);
    return Number(/^Icmp6InGroupMembQueries\s+(\d+)$/m.exec(counters)?.[1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.sandbox[Symbol.asyncDispose]();
    for (const name of [FIREWALL, HOP.name, SERVER.name]) await outputOf(['ip', 'netns', 'delete', name]);
  }
}

/** One echo request, and an answer within a second: what is dropped is not answered however long one waits. */
const PING = `
import socket, sys
own, target = sys.argv[1:]
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
s.bind((own, 0)); s.settimeout(1)
s.sendto(b'\\x80\\0\\0\\0\\0\\1\\0\\1', (target, 0))
while s.recv(2048)[0] != 129: pass`;

test.run();
