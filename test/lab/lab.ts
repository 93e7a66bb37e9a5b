/** A network to attack: an attacker, a firewall and servers behind it, talking real TCP through real netfilter. */
import { Child } from '../support/child.ts';
import { requirePrivateNetwork } from '../support/namespaces.ts';
import { outputOf, runProgram, type Ran } from '../support/run-program.ts';
import { Host } from './host.ts';
import { ATTACKER, buildScript, enter, FIREWALL, serverSite, type Site } from './topology.ts';

/** Where the servers' sshd would be. */
export const PORT = 22;

export class Lab implements AsyncDisposable {
  readonly attacker = new Host(ATTACKER);
  readonly servers: readonly Host[];

  private constructor(sites: readonly Site[]) {
    this.servers = sites.map((site) => new Host(site));
  }

  /** Makes the hosts and their cables. */
  static async connect(servers: number): Promise<Lab> {
    requirePrivateNetwork();
    const sites = Array.from({ length: servers }, (_, index) => serverSite(index + 1));
    await outputOf(['sh'], { input: buildScript([ATTACKER, ...sites]) });
    return new Lab(sites);
  }

  /** Makes the hosts, with an echo server on port 22 of each server. */
  static async build(servers = 1): Promise<Lab> {
    const lab = await Lab.connect(servers);
    await Promise.all(lab.servers.map((server) => server.listen(PORT)));
    return lab;
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
    const hosts = [this.attacker, ...this.servers];
    await Promise.all(hosts.map((host) => host[Symbol.asyncDispose]()));
    const names = [FIREWALL, ...hosts.map(({ site }) => site.name)];
    for (const name of names) await outputOf(['ip', 'netns', 'delete', name]);
  }
}
