/** A network to attack: an attacker, firewalls and servers behind them, talking real TCP through real netfilter. */
import { Child } from '../support/child.ts';
import { requirePrivateNetwork } from '../support/namespaces.ts';
import { outputOf, runProgram, type Ran } from '../support/run-program.ts';
import { Host } from './host.ts';
import { behindOneFirewall, buildScript, enter, hostsOf, type Network, type Site } from './topology.ts';

/** Where the servers' sshd would be. */
export const PORT = 22;

export class Lab implements AsyncDisposable {
  readonly attacker: Host;
  readonly servers: readonly Host[];
  readonly #hosts: readonly string[];

  private constructor({ attacker, servers }: Network, hosts: readonly string[]) {
    this.attacker = new Host(attacker);
    this.servers = servers.map((site) => new Host(site));
    this.#hosts = hosts;
  }

  /** Makes the hosts and their cables. */
  static async connect(network: Network): Promise<Lab> {
    requirePrivateNetwork();
    const sites = [network.attacker, ...network.others, ...network.servers];
    await outputOf(['sh'], { input: buildScript(sites) });
    return new Lab(network, hostsOf(sites));
  }

  /** Makes one firewall, with an echo server on port 22 of each server behind it. */
  static async build(servers = 1): Promise<Lab> {
    const lab = await Lab.connect(behindOneFirewall(servers));
    await Promise.all(lab.servers.map((server) => server.listen(PORT)));
    return lab;
  }

  /** The server of that name. */
  site(name: string): Site {
    const server = this.servers.find(({ site }) => site.name === name);
    if (server === undefined) throw new Error(`there is no server ${name}`);
    return server.site;
  }

  /** Runs a program in a host to its end. */
  async exec(host: string, argv: readonly string[]): Promise<Ran> {
    return runProgram([...enter(host), ...argv]);
  }

  /** Starts a program in a host. */
  spawn(host: string, argv: readonly string[]): Child {
    return new Child([...enter(host), ...argv]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.attacker, ...this.servers].map((host) => host[Symbol.asyncDispose]()));
    for (const name of this.#hosts) await outputOf(['ip', 'netns', 'delete', name]);
  }
}
