/**
 * A fleet with nothing but the real programs: two guarded networks and a hub, set up by the commands of docs/fleet.md
 * as they stand there, and files carried between the machines as the page says.
 */
import * as assert from 'uvu/assert';
import { commandsOf } from '../docs/pages.ts';
import { eventually } from '../support/eventually.ts';
import { quote } from '../support/quote.ts';
import { GuardedNetwork, INSTALL_PROGRAM, type Programs } from './guarded-network.ts';
import { Lab } from './lab.ts';
import { layersWith } from './layers.ts';
import { Machine } from './machine.ts';
import { BEHIND_TWO_FIREWALLS, FLEET, HUB } from './topology.ts';

export class FleetNetwork implements AsyncDisposable {
  readonly lab: Lab;
  readonly hub: Machine;
  readonly networks: readonly GuardedNetwork[];

  private constructor(lab: Lab, hub: Machine, networks: readonly GuardedNetwork[]) {
    this.lab = lab;
    this.hub = hub;
    this.networks = networks;
  }

  /** Builds it up to where each firewall has heard the other one. */
  static async build(programs: Programs = {}): Promise<FleetNetwork> {
    const lab = await Lab.connect(BEHIND_TWO_FIREWALLS);
    const [hub, ...networks] = await Promise.all([
      Machine.start(HUB, layersWith()),
      ...FLEET.map(async ([{ name }]) => GuardedNetwork.open(lab, name, programs)),
    ]);
    const fleet = new FleetNetwork(lab, hub, networks);
    try {
      await fleet.#set();
      return fleet;
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
  }

  get firewalls(): readonly Machine[] {
    return this.networks.map(({ firewall }) => firewall);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const network of this.networks) await network[Symbol.asyncDispose]();
    await this.hub[Symbol.asyncDispose]();
    await this.lab[Symbol.asyncDispose]();
  }

  async #set(): Promise<void> {
    await this.hub.sh(`${INSTALL_PROGRAM}\n/usr/sbin/sshd`);
    for (const firewall of this.firewalls) {
      await firewall.sh(`cat >>/etc/hosts; mkdir -p /etc/banspool`, { input: NAMES });
      firewall.write('/usr/local/bin/systemctl', SYSTEMCTL);
      await firewall.sh('chmod 755 /usr/local/bin/systemctl');
      await follow(firewall, 'name a firewall and make its keys');
    }
    for (const firewall of this.firewalls) {
      const { name } = firewall;
      carry([firewall, '/var/lib/banspool-fleet/mover/ssh_key.pub'], [this.hub, `${name}-ssh.pub`]);
      for (const peer of this.firewalls.filter((other) => other !== firewall))
        carry([firewall, `${HOME}/${name}.pub`], [peer, `${name}.pub`]);
    }
    await follow(this.hub, 'make a hub');
    for (const firewall of this.firewalls) await follow(firewall, 'add a peer and start the mover');
    for (const firewall of this.firewalls)
      await eventually(async () => {
        const { code, stdout } = await firewall.exec(['banspool', 'peers']);
        assert.is(code, 0, `${firewall.name}: ${stdout}`);
      });
  }
}

/** The folder in which root types the commands. */
const HOME = '/root';

/** Runs a block of docs/fleet.md, which is written for fw1. */
async function follow(machine: Machine, block: string): Promise<void> {
  const script = commandsOf(`test/lab: ${block}`);
  const forIt = machine.name === 'fw2' ? exchanged(script) : script;
  await machine.sh(`cd ${HOME}\n${forIt}`);
}

function exchanged(script: string): string {
  return script.replaceAll(/\bfw[12]\b/g, (name) => (name === 'fw1' ? 'fw2' : 'fw1'));
}

function carry([from, path]: readonly [Machine, string], [to, name]: readonly [Machine, string]): void {
  to.write(`${HOME}/${name}`, from.read(path));
}

const NAMES = [...BEHIND_TWO_FIREWALLS.others, ...BEHIND_TWO_FIREWALLS.servers]
  .map(({ name, ipv4 }) => `${ipv4} ${name === HUB ? 'hub.example hub' : name}\n`)
  .join('');

/** As banspool-fleet.service does it. */
const AS_MOVER = [
  ...[
    'setpriv',
    '--reuid',
    'banspool-fleet',
    '--regid',
    'banspool-fleet',
    '--clear-groups',
    '--no-new-privs',
  ],
  ...['inh-caps', 'ambient-caps', 'bounding-set'].map((set) => `--${set}=-all`),
];

/** A machine of the lab has no systemd; this is what the page and a player need of it. */
const SYSTEMCTL = `#!/bin/sh
stop() { ! pkill -TERM -f '[b]anspool.js fleet' || while pgrep -f '[b]anspool.js fleet' >/dev/null; do sleep 0.05; done; }
start() {
  pgrep -f '[b]anspool.js fleet' >/dev/null ||
    setsid ${AS_MOVER.map(quote).join(' ')} banspool fleet </dev/null >>/var/log/banspool-fleet.log 2>&1 &
}
case "$*" in
  'reload banspool') exec pkill -o -HUP -f '[b]anspool.js run' ;;
  'enable --now banspool-fleet' | 'start banspool-fleet') start ;;
  'stop banspool-fleet') stop ;;
  'restart banspool-fleet') stop; start ;;
  *) echo "there is no systemd in the lab: reload banspool; start, stop or restart banspool-fleet" >&2; exit 1 ;;
esac
`;
