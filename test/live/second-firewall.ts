/** One more firewall beside that of a network, with sshd and the controller, on a cable of its own to a server. */
import * as assert from 'uvu/assert';
import { AS_BANSPOOL, PREPARE_FIREWALL } from '../lab/guarded-network.ts';
import { layersWith } from '../lab/layers.ts';
import { Machine } from '../lab/machine.ts';
import { enter } from '../lab/topology.ts';
import type { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { outputOf } from '../support/run-program.ts';

const NAME = 'firewall2';

/** Its own address, and that of the server. */
const [ITS, THEIRS] = ['192.0.2.2', '192.0.2.11'];

export class SecondFirewall implements AsyncDisposable {
  readonly machine: Machine;
  #programs: readonly Child[] = [];

  private constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Makes it, and has the server know it by its name. */
  static async connect(server: Machine): Promise<SecondFirewall> {
    await outputOf(['sh', '-ec', cable(server.name)]);
    const firewall = new SecondFirewall(await Machine.start(NAME, layersWith()));
    try {
      await firewall.machine.sh(PREPARE_FIREWALL);
      await server.sh(`echo ${ITS} ${NAME} >>/etc/hosts`);
      await firewall.start();
      return firewall;
    } catch (error) {
      await firewall[Symbol.asyncDispose]();
      throw error;
    }
  }

  async start(): Promise<void> {
    const programs = [
      ['/usr/sbin/sshd', '-D'],
      [...AS_BANSPOOL, 'banspool', 'run'],
    ];
    this.#programs = programs.map((argv) => this.machine.spawn(argv));
    await eventually(() => this.machine.sh('ss -Hltn sport = 22 | grep -q LISTEN'));
  }

  /** As a machine that loses its power: sshd with its connections, the controller, and all rules. */
  async stop(): Promise<void> {
    await this.machine.sh(`pkill -KILL sshd || true; pkill -KILL -f '[b]anspool.js run' || true
      iptables -F; iptables -X; ip6tables -F; ip6tables -X`);
    for (const program of this.#programs) await program.ended;
  }

  /** Its cable carries nothing: ssh to it gets no answer, not even a refusal. */
  async unplug(): Promise<void> {
    await outputOf([...enter(NAME), 'ip', 'link', 'set', 'eth0', 'down']);
  }

  async plug(): Promise<void> {
    await outputOf([...enter(NAME), 'ip', 'link', 'set', 'eth0', 'up']);
  }

  /** Waits until just these addresses are dropped. */
  async untilDropped(addresses: readonly string[]): Promise<void> {
    await eventually(async () => {
      const rules = await outputOf([...enter(NAME), 'iptables', '-w', '-S']);
      const found = Array.from(rules.matchAll(/^-A fail2ban-\S+ -s (\S+)\/32 -j DROP$/gm), ([, ip]) => ip);
      assert.equal(found.sort(), addresses);
    }, 120_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.machine[Symbol.asyncDispose]();
    await outputOf(['ip', 'netns', 'delete', NAME]);
  }
}

/** The device on the server's side goes with the namespace of the other. */
const cable = (server: string): string => `
ip netns add ${NAME}
ip link add eth1 netns ${server} type veth peer name eth0 netns ${NAME}
ip -n ${server} addr add ${THEIRS}/24 dev eth1
ip -n ${server} link set eth1 up
ip -n ${NAME} addr add ${ITS}/24 dev eth0
ip -n ${NAME} link set eth0 up
ip -n ${NAME} link set lo up
`;
