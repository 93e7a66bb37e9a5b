/**
 * A firewall and the servers behind it, with the real programs alone: servers with sshd and fail2ban, which watches a
 * real log and sends by ssh; a firewall with sshd, rsync and the controller, which holds no more rights than under
 * systemd.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { parseStatusRecord, type StatusRecord } from '../../src/status/status-record.ts';
import type { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { outputOf, type Ran } from '../support/run-program.ts';
import type { Host } from './host.ts';
import { Lab } from './lab.ts';
import { fail2banReleases, layersWith, type Fail2ban } from './layers.ts';
import { Machine } from './machine.ts';
import { behindOneFirewall, enter, FIREWALL } from './topology.ts';

export interface Programs {
  readonly transport?: 'rsync' | 'scp';
  /** The newest that can be had, when absent. */
  readonly fail2ban?: Fail2ban;
  /** The folder of the clone whose programs run; this one, when absent. */
  readonly project?: string;
}

interface BuildOptions extends Programs {
  readonly servers?: number;
}

export class GuardedNetwork implements AsyncDisposable {
  readonly lab: Lab;
  readonly firewall: Machine;
  readonly servers: readonly Machine[];
  #controller: Child | undefined;
  #sshd: Child | undefined;
  /** Nothing, where the lab has other firewalls too. */
  #ownLab: Lab | undefined;

  private constructor(lab: Lab, machines: readonly Machine[]) {
    const [firewall, ...servers] = machines;
    if (firewall === undefined) throw new Error('a network has a firewall');
    this.lab = lab;
    this.firewall = firewall;
    this.servers = servers;
  }

  /** Builds a lab with one firewall, up to where a failed login on a server is a ban on the firewall. */
  static async build({ servers = 2, ...programs }: BuildOptions = {}): Promise<GuardedNetwork> {
    const lab = await Lab.connect(behindOneFirewall(servers));
    try {
      const network = await GuardedNetwork.open(lab, FIREWALL, programs);
      network.#ownLab = lab;
      return network;
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The same for one of the firewalls of a lab, and the servers behind it. */
  static async open(lab: Lab, firewall: string, programs: Programs = {}): Promise<GuardedNetwork> {
    const { transport = 'rsync', fail2ban = fail2banReleases().at(-1), project } = programs;
    const servers = lab.servers.filter(({ site }) => site.router === firewall);
    const machines = await Promise.all([
      Machine.start(firewall, layersWith(), project),
      ...servers.map(({ site }) => Machine.start(site.name, layersWith(fail2ban), project)),
    ]);
    const network = new GuardedNetwork(lab, machines);
    try {
      await network.#set(transport);
      return network;
    } catch (error) {
      await network[Symbol.asyncDispose]();
      throw error;
    }
  }

  get attacker(): Host {
    return this.lab.attacker;
  }

  server(number: number): Machine {
    const server = this.servers[number - 1];
    if (server === undefined) throw new Error(`there is no web${number}`);
    return server;
  }

  /** A login that fails, as the attacker: sshd writes it to the server's log. */
  async failLogin(server: Machine, family: 'ipv4' | 'ipv6' = 'ipv4'): Promise<void> {
    const target = this.lab.site(server.name);
    const patient = ['-o', 'ConnectTimeout=20'];
    await this.lab.exec('attacker', ['ssh', ...patient, ...STRANGER, `admin@${target[family]}`, 'true']);
  }

  /** One command of banspool on the firewall, as root. */
  async banspool(...words: readonly string[]): Promise<Ran> {
    return this.firewall.exec(['banspool', ...words]);
  }

  /** Makes a pass as the timer's unit does. */
  async reconcile(): Promise<Ran> {
    return this.firewall.exec([...AS_BANSPOOL, 'banspool', 'reconcile']);
  }

  /** The addresses that the firewall drops, sorted. */
  async dropped(): Promise<readonly string[]> {
    const rules = await outputOf([
      ...enter(this.firewall.name),
      'sh',
      '-ec',
      'iptables -w -S; ip6tables -w -S',
    ]);
    const found = rules.matchAll(/^-A fail2ban-\S+ -s (\S+) -j DROP$/gm);
    return Array.from(found, ([, net = '']) => net.replace(/\/(32|128)$/, '')).sort();
  }

  /** Waits until just these are dropped. */
  async untilDropped(addresses: readonly string[], limitMs = 120_000): Promise<void> {
    await eventually(async () => {
      assert.equal(await this.dropped(), addresses);
    }, limitMs);
  }

  /** Waits until the firewall has all that this server said. */
  async untilShipped(server: Machine): Promise<void> {
    await eventually(() => {
      assert.equal(outboxOf(server).filter(isVisible), []);
    }, 120_000);
  }

  /**
   * Waits until nothing is on its way from this server any more, and the pass that took in the last of it has ended:
   * the spool is empty before git has its commit and status.json its counts.
   */
  async untilDrained(server: Machine, limitMs = 60_000): Promise<void> {
    await eventually(() => {
      const waiting = outboxOf(server).filter((name) => isVisible(name) || name.startsWith('.held'));
      const arrived = readdirSync(this.firewall.path(`/var/spool/banspool/${server.name}`)).filter(isVisible);
      assert.equal([...waiting, ...arrived], []);
      const changed = (path: string): number => statSync(this.firewall.path(path)).mtimeMs;
      const isTold = changed('/run/banspool/status.json') >= changed(`/var/spool/banspool/${server.name}`);
      assert.ok(isTold && this.status().converged, 'a pass is under way');
    }, limitMs);
  }

  /** Intents that were taken in from this server. */
  intentsOf(server: string): number {
    return this.status().servers.find(({ name }) => name === server)?.intents ?? 0;
  }

  /** How many commits the state has. */
  async commits(): Promise<number> {
    return Number(
      await this.firewall.sh("git -c safe.directory='*' -C /var/lib/banspool/state rev-list --count HEAD"),
    );
  }

  status(): StatusRecord {
    const record = parseStatusRecord(readFileSync(this.firewall.path('/run/banspool/status.json'), 'utf8'));
    if (record === undefined) throw new Error('there is no status.json');
    return record;
  }

  async startController(): Promise<Child> {
    const child = this.firewall.spawn([...AS_BANSPOOL, 'banspool', 'run']);
    this.#controller = child;
    await eventually(() => {
      if (child.process.exitCode !== null || this.status().lastPass === null) throw new Error(child.stderr);
    }, 120_000);
    return child;
  }

  async stopController(): Promise<void> {
    await this.firewall.sh("pkill -TERM -f '[b]anspool.js run'");
    await this.#controller?.ended;
  }

  async startSshd(): Promise<void> {
    this.#sshd = this.firewall.spawn(['/usr/sbin/sshd', '-D']);
    await eventually(() => this.firewall.sh('ss -Hltn sport = 22 | grep -q LISTEN'));
  }

  /** With the connections that it serves. */
  async stopSshd(): Promise<void> {
    await this.firewall.sh('pkill -KILL sshd || true');
    await this.#sshd?.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const machine of [...this.servers, this.firewall]) await machine[Symbol.asyncDispose]();
    await this.#ownLab?.[Symbol.asyncDispose]();
  }

  async #set(transport: 'rsync' | 'scp'): Promise<void> {
    await this.firewall.sh(PREPARE_FIREWALL);
    await this.startSshd();
    for (const server of this.servers) await this.#connect(server, transport);
    await this.startController();
    await Promise.all(this.servers.map(startFail2ban));
    for (const server of this.servers) {
      // fail2ban says that a jail has started before the actions of that have run.
      await eventually(() => {
        assert.is(this.intentsOf(server.name), JAILS);
      });
      await this.untilDrained(server);
    }
  }

  /** What the pages tell its reader to do, on both sides. */
  async #connect(server: Machine, transport: 'rsync' | 'scp'): Promise<void> {
    const { gateway4 } = this.lab.site(server.name);
    await server.sh(PREPARE_SERVER);
    const key = await server.sh(
      "ssh-keygen -q -t ed25519 -N '' -f /etc/banspool/key; cat /etc/banspool/key.pub",
    );
    const scp = transport === 'scp' ? ['--scp'] : [];
    const added = await this.firewall.exec(['banspool', 'server', 'add', server.name, '--key', '-', ...scp], {
      input: key,
    });
    if (added.code !== 0) throw new Error(added.stderr);
    const user = transport === 'scp' ? `banspool-${server.name}` : 'fail2ban';
    server.write(
      '/etc/banspool/ssh_config',
      `Host firewall\n  Hostname ${gateway4}\n  User ${user}\n  IdentityFile /etc/banspool/key\n` +
        '  IdentitiesOnly yes\n  UserKnownHostsFile /etc/banspool/known_hosts\n  HostKeyAlias firewall\n',
    );
    server.write(
      '/etc/banspool/send.conf',
      `firewall = firewall\nserver = ${server.name}\ntransport = ${transport}\n`,
    );
    const hostKey = readFileSync(this.firewall.path('/etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
    server.write('/etc/banspool/known_hosts', `firewall ${hostKey}`);
    if (transport === 'scp') await this.firewall.sh('pkill -HUP -o -x sshd');
  }
}

/** What is in a server's outbox: intents, and hidden, what its sender notes down. */
export function outboxOf(server: Machine): readonly string[] {
  return readdirSync(server.path('/var/spool/banspool-send'));
}

function isVisible(name: string): boolean {
  return !name.startsWith('.');
}

/** Starts fail2ban on a server, with one jail that bans at the first failed login. */
async function startFail2ban(server: Machine): Promise<void> {
  await server.sh('cp /opt/banspool/action.d/iptables-remote*.conf /etc/fail2ban/action.d/');
  server.write('/etc/fail2ban/jail.local', JAIL_LOCAL);
  await server.sh('touch /var/log/empty; /usr/sbin/sshd; fail2ban-client start', { env: FAIL2BAN_ENV });
  await eventually(() => server.sh('fail2ban-client status grow', { env: FAIL2BAN_ENV }), 120_000);
}

/** A Python of one's own ahead of the system's has no fail2ban. */
const FAIL2BAN_ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/**
 * Jails web and grow hear of nobody: tests ban in them by hand. fail2ban may take 10 s to find a longer end, and
 * finds none for a ban that is over by then.
 */
const JAIL_LOCAL = `[DEFAULT]
banaction = iptables-remote
banaction_allports = iptables-remote-allports
maxretry = 1
bantime = 600
backend = polling

[sshd]
enabled = true
backend = polling
logpath = /var/log/syslog

[web]
enabled = true
filter = nginx-http-auth
port = http,https
logpath = /var/log/empty

[grow]
enabled = true
filter = nginx-http-auth
port = http,https
logpath = /var/log/empty
bantime = 12
bantime.increment = true
bantime.factor = 10
`;

/** Each tells the firewall that it starts. */
const JAILS = JAIL_LOCAL.match(/^enabled = true$/gm)?.length ?? 0;

/** The options of an ssh that knows nobody and has no key. */
export const STRANGER = [
  ...['-F', '/dev/null', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=2'],
  ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'],
];

const CAPABILITIES = '-all,+net_admin,+net_raw';

/** As the unit in systemd/ does it. */
export const AS_BANSPOOL = [
  ...['setpriv', '--reuid', 'banspool', '--regid', 'banspool', '--clear-groups', '--no-new-privs'],
  ...['inh-caps', 'ambient-caps', 'bounding-set'].flatMap((set) => [`--${set}`, CAPABILITIES]),
];

/** The program where a package puts it. */
export const INSTALL_PROGRAM = `
printf '#!/bin/sh\\nexec ${process.execPath} /opt/banspool/dist/banspool.js "$@"\\n' >/usr/local/bin/banspool
chmod 755 /usr/local/bin/banspool
`;

/** Accounts and folders, as the packages make them. */
export const PREPARE_FIREWALL = `
${INSTALL_PROGRAM}
for account in banspool fail2ban banspool-fleet; do ! getent passwd $account >/dev/null || userdel $account; done
rm -rf /var/lib/banspool /var/lib/banspool-keys /var/lib/banspool-fleet /var/spool/banspool
systemd-sysusers /opt/banspool/systemd/sysusers.d/banspool.conf
systemd-tmpfiles --create /opt/banspool/systemd/tmpfiles.d/banspool.conf
install -d -o banspool -g banspool /run/banspool
`;

const PREPARE_SERVER = `
mkdir -p /etc/banspool
cp /opt/banspool/action.d/banspool-send /opt/banspool/action.d/banip.sh /opt/banspool/action.d/unbanip.sh /usr/local/sbin/
rm -rf /var/spool/banspool-send /var/lib/fail2ban/* /etc/fail2ban/jail.d/*
`;
