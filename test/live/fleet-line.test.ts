/**
 * The line to the hub of a fleet is lost, as by a cable or by a filter that drops all: each firewall keeps what it
 * knows and says so, and hears the rest by itself when the line is back. The hub, with the first firewall on it, and
 * the second firewall are machines of their own.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { layersWith } from '../lab/layers.ts';
import { Machine } from '../lab/machine.ts';
import { eventually } from '../support/eventually.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { requirePrivateNetwork } from '../support/namespaces.ts';
import { outputOf } from '../support/run-program.ts';

const line = suite<{ site: Site }>('a fleet whose line is lost');

const PROGRAM = `${process.execPath} /opt/banspool/dist/banspool.js`;

/** A line that is lost is noticed after some 15 s, and a bell opened again after at most a minute. */
const PATIENCE_MS = 180_000;

const NETWORK = `
ip netns add fw1
ip netns add fw2
ip link add eth0 netns fw1 type veth peer name eth0 netns fw2
for number in 1 2; do
  ip -n fw$number link set lo up
  ip -n fw$number addr add 192.0.2.$number/24 dev eth0
  ip -n fw$number link set eth0 up
done
`;

/** Long, so that nothing but the bell, and its end, can be what makes the mover look. */
const configOf = (name: string): string =>
  [
    'spool: /tmp/spool',
    'state: /tmp/state',
    'runtime: /tmp',
    'iptables: nft',
    'interval: 1h',
    `fleet: { name: ${name}, engine: git, remote: "ssh://banspool-hub@192.0.2.1/var/hub/fleet.git", folder: /tmp/fleet, every: 1h }`,
    '',
  ].join('\n');

class Site implements AsyncDisposable {
  readonly machines: ReadonlyMap<string, Machine>;
  #dropped = 0;

  private constructor(machines: ReadonlyMap<string, Machine>) {
    this.machines = machines;
  }

  static async build(): Promise<Site> {
    requirePrivateNetwork();
    await outputOf(['sh', '-ec', NETWORK]);
    const site = new Site(new Map());
    try {
      for (const name of ['fw1', 'fw2'])
        (site.machines as Map<string, Machine>).set(name, await Machine.start(name, layersWith()));
      const hub = site.at('fw1');
      await hub.sh(`/usr/sbin/sshd; ${PROGRAM} hub init /var/hub/fleet.git`);
      for (const name of ['fw1', 'fw2']) await site.#prepare(name);
      for (const [name, peer] of [
        ['fw1', 'fw2'],
        ['fw2', 'fw1'],
      ] as const) {
        site.at(name).write('/tmp/peer.pub', site.at(peer).read('/tmp/key.pub'));
        await site.at(name).sh(`${PROGRAM} peers add ${peer} --key /tmp/peer.pub --config /tmp/config.yaml`);
        for (const command of ['run', 'fleet'])
          site.at(name).spawn([...PROGRAM.split(' '), command, '--config', '/tmp/config.yaml']);
      }
      return site;
    } catch (error) {
      await site[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #prepare(name: string): Promise<void> {
    const machine = this.at(name);
    await machine.sh('mkdir -p /tmp/spool/web1 /tmp/fleet/mover /tmp/fleet/in /tmp/fleet/out');
    machine.write('/tmp/config.yaml', configOf(name));
    await machine.sh(`
      ssh-keygen -q -t ed25519 -N '' -f /tmp/fleet/mover/ssh_key
      ${PROGRAM} reconcile --config /tmp/config.yaml || true
      ${PROGRAM} peers key --config /tmp/config.yaml >/tmp/key.pub`);
    this.at('fw1').write(`/tmp/${name}.pub`, machine.read('/tmp/fleet/mover/ssh_key.pub'));
    await this.at('fw1').sh(`${PROGRAM} hub add ${name} --dir /var/hub/fleet.git --key /tmp/${name}.pub`);
  }

  at(name: string): Machine {
    const machine = this.machines.get(name);
    if (machine === undefined) throw new Error(`there is no ${name}`);
    return machine;
  }

  /** Delivers a file to the spool of that firewall. */
  async drop(name: string, text: string): Promise<void> {
    this.#dropped += 1;
    const file = `${Date.now()}000000-1-${this.#dropped}.yaml`;
    await this.at(name).sh(`cd /tmp/spool/web1; cat >.${file}; mv .${file} ${file}`, { input: text });
  }

  /** What that firewall drops, sorted. */
  async dropped(name: string): Promise<readonly string[]> {
    const { stdout } = await this.at(name).exec(['iptables', '-S']);
    return Array.from(stdout.matchAll(/ -s (\S+)\/32 -j DROP$/gm), ([, ip = '']) => ip).sort();
  }

  async untilDropped(name: string, ips: readonly string[]): Promise<void> {
    await eventually(async () => {
      assert.equal(await this.dropped(name), ips.toSorted());
    }, PATIENCE_MS);
  }

  /** Until `status` of that firewall says so of the hub, or says no more of it. */
  async untilReached(name: string, isReached: boolean): Promise<void> {
    await eventually(async () => {
      const { stdout } = await this.at(name).exec([
        ...PROGRAM.split(' '),
        'status',
        '--config',
        '/tmp/config.yaml',
      ]);
      assert.is(!stdout.includes('HubNotReached'), isReached, stdout);
    }, PATIENCE_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const machine of this.machines.values()) await machine[Symbol.asyncDispose]();
    await outputOf(['sh', '-c', 'ip netns delete fw1; ip netns delete fw2']);
  }
}

line.before(async (context) => {
  context.site = await Site.build();
});
line.after(async ({ site }) => {
  await site[Symbol.asyncDispose]();
});

interface Cut {
  /** Scripts for the second firewall. */
  readonly cut: string;
  readonly mend: string;
}

const CUTS: Readonly<Record<string, Cut>> = {
  'a cable that is pulled': { cut: 'ip link set eth0 down', mend: 'ip link set eth0 up' },
  'a filter that drops all, and says nothing': {
    cut: "nft -f - <<'END'\ntable ip hole { chain in { type filter hook input priority 0; iif eth0 drop; }; }\nEND",
    mend: 'nft delete table ip hole',
  },
};

Object.entries(CUTS).forEach(([what, { cut, mend }], index) => {
  line(`lifts nothing by ${what}, and hears both sides when it is back`, async ({ site }) => {
    const ipOf = (number: number): string => `203.0.113.${index * 10 + number}`;
    const held = await site.dropped('fw1');
    await site.drop('fw1', banText(ipOf(1)));
    await site.drop('fw2', banText(ipOf(2)));
    const shared = [...held, ipOf(1), ipOf(2)];
    for (const name of ['fw1', 'fw2']) await site.untilDropped(name, shared);

    await site.at('fw2').sh(cut);
    await site.drop('fw1', banText(ipOf(3)));
    await site.drop('fw1', unbanText(ipOf(1)));
    await site.drop('fw2', banText(ipOf(4)));
    await site.untilReached('fw2', false);
    const apart = [await site.dropped('fw1'), await site.dropped('fw2')];
    await site.at('fw2').sh(mend);

    const joined = [...held, ipOf(2), ipOf(3), ipOf(4)];
    for (const name of ['fw1', 'fw2']) await site.untilDropped(name, joined);
    await site.untilReached('fw2', true);
    assert.equal(apart[0], [...held, ipOf(2), ipOf(3)].toSorted());
    assert.equal(apart[1], [...shared, ipOf(4)].toSorted());
  });
});

line.run();
