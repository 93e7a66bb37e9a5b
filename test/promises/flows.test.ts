/**
 * Promise 5 where a flowtable takes connections past all rules. Not every kernel has flowtables: that one is there,
 * and what it took over, is said by a stand-in; what conntrack lists and ends is real.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { run as real, type Run } from '../../src/system/processes/run.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptables } from '../support/firewall.ts';
import { banText, snapshotText } from '../support/intent-text.ts';
import { requirePrivateNetwork } from '../support/namespaces.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('flows');

const HOSTS = ['203.0.113.7', '203.0.113.8', '203.0.113.9', '2001:db8::7', '2001:db8::8', '2001:db8::9'];

for (const backend of ['rules', 'ipset'] as const) {
  test(`that a flowtable took over end with a ban of their address or its net (${backend})`, async () => {
    await using network = await Network.open({ backend });
    const { sandbox } = network;
    sandbox.writePolicy('allow:\n  - { net: 203.0.113.9 }\n');
    const world = worldOf(sandbox, { run: network.run });
    const memory = freshMemory(world);
    await makePass(world, memory);
    assert.equal(await network.flows(), HOSTS);

    sandbox.drop('web1', banText('203.0.113.7'));
    sandbox.drop('web1', banText('2001:db8::7'));
    const pass = await makePass(world, memory, 'quick');

    assert.equal(pass.problems, []);
    assert.equal(await network.flows(), ['203.0.113.8', '203.0.113.9', '2001:db8::8', '2001:db8::9']);

    sandbox.drop('web1', snapshotText(['203.0.113.0/24', '2001:db8::8']));
    await makePass(world, memory, 'quick');

    assert.equal(await network.flows(), ['203.0.113.9', '2001:db8::9']);
  });
}

test('are ended, of all who are banned, once a flowtable is seen, and again after they could not be', async () => {
  await using network = await Network.open({});
  const { sandbox } = network;
  const world = worldOf(sandbox, { run: network.run });
  const memory = freshMemory(world);
  network.hasTable = false;
  sandbox.drop('web1', banText('203.0.113.7'));
  await makePass(world, memory);
  assert.equal(await network.flows(), HOSTS);
  network.hasTable = true;
  network.hasConntrack = false;

  const failed = await makePass(world, memory);
  const quick = await makePass(world, memory, 'quick');
  network.hasConntrack = true;
  const ended = await makePass(world, memory);

  for (const { problems } of [failed, quick])
    assert.equal(
      problems.map(({ condition, message }) => `${condition}: ${message}`),
      [
        'FlowsEnded: connections of banned addresses in a flowtable may continue: conntrack is not installed; fix: apt install conntrack',
      ],
    );
  assert.equal(ended.problems, []);
  assert.equal(await network.flows(), HOSTS.slice(1));
});

test('are not looked at without a flowtable, nor where nobody new is banned', async () => {
  await using network = await Network.open({});
  const { sandbox } = network;
  const world = worldOf(sandbox, { run: network.run });
  const memory = freshMemory(world);
  network.hasTable = false;
  sandbox.drop('web1', banText('203.0.113.7'));
  await makePass(world, memory);
  assert.is(network.looks, 0);
  network.hasTable = true;
  await makePass(world, memory);
  assert.is(network.looks, 1);

  await makePass(world, memory, 'quick');
  await makePass(world, memory);

  assert.is(network.looks, 1);
});

/** An attacker's namespace, with a connection from each of its addresses. */
class Network implements AsyncDisposable {
  readonly sandbox: Sandbox;
  hasTable = true;
  hasConntrack = true;
  /** How often the kernel's list was read. */
  looks = 0;
  readonly #children: readonly Child[];

  private constructor(sandbox: Sandbox, children: readonly Child[]) {
    this.sandbox = sandbox;
    this.#children = children;
  }

  static async open(config: Readonly<Record<string, string>>): Promise<Network> {
    requirePrivateNetwork();
    const sandbox = await Sandbox.open({ config });
    await outputOf(['sh', '-ec', NETWORK]);
    for (const family of ['ipv4', 'ipv6'] as const)
      await iptables(['-A', 'INPUT', '-m', 'conntrack', '--ctstate', 'ESTABLISHED', '-j', 'ACCEPT'], {
        family,
      });
    const server = new Child(['python3', '-c', SERVER]);
    const client = new Child(['nsenter', '--net=/run/netns/far', '--', 'python3', '-c', CLIENT, ...HOSTS]);
    const network = new Network(sandbox, [client, server]);
    await eventually(async () => {
      assert.equal(await network.flows(), HOSTS);
    });
    return network;
  }

  /** As the programs of the machine, but for what its kernel may lack. */
  get run(): Run {
    return async (file, args, options) => {
      const ran = { pid: 0, exitCode: 0, stderr: '' };
      if (file === 'nft' && args[1] === 'flowtables')
        return { ...ran, stdout: this.hasTable ? 'table inet x {\n\tflowtable fast {\n\t}\n}\n' : '' };
      if (file !== 'conntrack') return real(file, args, options);
      if (!this.hasConntrack) throw new BanspoolError('command-missing', 'conntrack is not installed');
      if (!args.includes('OFFLOAD')) return real(file, args, options);
      this.looks += args.includes('ipv4') ? 1 : 0;
      return real(file, args.slice(0, args.indexOf('-u')), options);
    };
  }

  /** From where connections are tracked, in the order of HOSTS. */
  async flows(): Promise<readonly string[]> {
    const listed = await Promise.all(
      ['ipv4', 'ipv6'].map((family) => outputOf(['conntrack', '-L', '-p', 'tcp', '-f', family])),
    );
    return HOSTS.filter((ip) => listed.join('').includes(`ESTABLISHED src=${ip} `));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) await child[Symbol.asyncDispose]();
    await outputOf(['ip', 'netns', 'delete', 'far']);
    await this.sandbox[Symbol.asyncDispose]();
    await outputOf(['conntrack', '-F']);
  }
}

const SERVER = `
import socket
s = socket.create_server(('', 8080), family=socket.AF_INET6, dualstack_ipv6=True)
taken = []
while True: taken.append(s.accept())`;

const CLIENT = `
import socket, sys, time
for ip in sys.argv[1:]:
    target = '2001:db8::1' if ':' in ip else '203.0.113.1'
    while True:
        try: globals().setdefault('made', []).append(socket.create_connection((target, 8080), 5, (ip, 0))); break
        except OSError: time.sleep(0.1)
time.sleep(1000)`;

const NETWORK = `
ip netns add far
ip link add near0 type veth peer name far0 netns far
for f in /proc/sys/net/ipv6/conf/near0/accept_dad; do echo 0 >$f; done
ip address add 203.0.113.1/24 dev near0
ip address add 2001:db8::1/64 dev near0 nodad
ip link set near0 up
for host in 7 8 9; do
  ip -n far address add 203.0.113.$host/24 dev far0
  ip -n far address add 2001:db8::$host/64 dev far0 nodad
done
ip -n far link set far0 up`;

test.run();
