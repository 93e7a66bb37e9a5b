/**
 * CrowdSec's local API, its firewall bouncer and a log processor (an agent), as Debian packages them: each a process
 * of its own, with its package's settings, in a folder of their own. They speak over the loopback of the firewall.
 */
import * as fs from 'node:fs';
import { basename, join } from 'node:path';
import { treeOf } from '../lab/layers.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { outputOf, runProgram } from '../support/run-program.ts';
import { ATTACKER } from './attacker.ts';
import { tool } from './bare.ts';

const SET = 'crowdsec-blacklists';
const PORT = 8080;
const PASSWORD = 'of the benchmark';
const API_KEY = '0123456789abcdef';

/** What the agent needs of the hub to see attacks on sshd. */
const PARSERS = [
  's00-raw/crowdsecurity/syslog-logs',
  's01-parse/crowdsecurity/sshd-logs',
  's02-enrich/crowdsecurity/dateparse-enrich',
];

/** A bucket of its scenario holds five. */
const ATTEMPTS = 7;

/** The link of the agent and the bouncer to the local API. */
const LINK = ['OUTPUT', '-o', 'lo', '-p', 'tcp', '--dport', String(PORT), '-j', 'DROP'];

export class CrowdSec implements AsyncDisposable {
  readonly #folder = fs.mkdtempSync('/run/crowdsec-');
  readonly #tree = treeOf('crowdsec');
  readonly #children = new Set<Child>();

  static async start(): Promise<CrowdSec> {
    const peer = new CrowdSec();
    peer.#configure();
    for (const [name, file] of [
      ['bench', 'client.yaml'],
      ['agent', 'agent-client.yaml'],
    ] as const)
      await peer.#cscli('machines', 'add', name, '--password', PASSWORD, '--file', peer.#path(file));
    await peer.#cscli('bouncers', 'add', 'bench', '--key', API_KEY);
    // The local API alone, without the part that reads logs.
    peer.#spawn('crowdsec', '-c', peer.#path('config.yaml'), '-no-cs');
    await eventually(() => peer.#cscli('decisions', 'list'));
    peer.#spawn('crowdsec-firewall-bouncer', '-c', peer.#path('bouncer.yaml'));
    await eventually(async () => {
      peer.assertRunning();
      await outputOf(['nft', 'list', 'set', 'ip', 'crowdsec', SET]);
    });
    return peer;
  }

  assertRunning(): void {
    const ended = [...this.#children].find(({ process }) => process.exitCode !== null);
    if (ended !== undefined) throw new Error(`a part of CrowdSec ended: ${ended.stderr}${ended.stdout}`);
  }

  /** As its own command line does. */
  async decide(verb: 'add' | 'delete'): Promise<void> {
    await this.#cscli('decisions', verb, '--ip', ATTACKER);
  }

  /** Whether the local API has a decision about the address. */
  async decided(ip: string): Promise<boolean> {
    return (await this.#cscli('decisions', 'list', '--ip', ip, '-o', 'raw')).includes(ip);
  }

  /** Whether the bouncer's set holds the address. */
  async holds(ip: string): Promise<boolean> {
    const { code } = await runProgram(['nft', 'get', 'element', 'ip', 'crowdsec', SET, `{ ${ip} }`]);
    return code === 0;
  }

  /** What another program does that flushes the rules. */
  async flush(): Promise<void> {
    await tool('nft', ['flush', 'set', 'ip', 'crowdsec', SET]);
  }

  /** Megabytes that the local API and the bouncer hold. */
  residentMegabytes(): number {
    const kilobytes = [...this.#children].map(({ pid }) =>
      Number(/^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
    );
    return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
  }

  /** Resolves when it reads the log. */
  async startAgent(): Promise<Child> {
    const agent = this.#spawn('crowdsec', '-c', this.#path('agent.yaml'), '-no-api');
    await eventually(() => {
      this.assertRunning();
      if (!`${agent.stdout}${agent.stderr}`.includes('Starting processing data'))
        throw new Error(`the agent does not start: ${agent.stdout}${agent.stderr}`);
    });
    return agent;
  }

  async stopAgent(agent: Child): Promise<void> {
    this.#children.delete(agent);
    await agent.stop();
  }

  /** Writes failed logins until the agent sees an attack in them: it reads from when it has opened the log. */
  async attack(agent: Child, ip: string): Promise<void> {
    await eventually(() => {
      if (`${agent.stdout}${agent.stderr}`.includes(`Ip ${ip} performed`)) return;
      fs.appendFileSync(this.#path('auth.log'), failedLogins(ip));
      throw new Error(`the agent sees no attack by ${ip}: ${agent.stdout}${agent.stderr}`);
    });
  }

  /** Takes the link to the local API down, or up again. */
  async link(state: 'down' | 'up'): Promise<void> {
    await tool('iptables-nft', [state === 'down' ? '-A' : '-D', ...LINK]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) await child[Symbol.asyncDispose]();
    await tool('nft', ['delete', 'table', 'ip', 'crowdsec']);
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Its libraries need not be installed either. */
  get #env(): Readonly<Record<string, string>> {
    const folders = fs.readdirSync(join(this.#tree, 'usr/lib')).filter((name) => name.endsWith('-linux-gnu'));
    const libraries = folders.map((name) => join(this.#tree, 'usr/lib', name)).join(':');
    return { PATH: process.env['PATH'] ?? '', LD_LIBRARY_PATH: libraries };
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  #program(name: string): string {
    return join(this.#tree, 'usr/bin', name);
  }

  async #cscli(...words: readonly string[]): Promise<string> {
    const argv = [this.#program('cscli'), '-c', this.#path('config.yaml'), ...words];
    return outputOf(argv, { env: this.#env });
  }

  #spawn(name: string, ...words: readonly string[]): Child {
    const child = new Child([this.#program(name), ...words], { env: this.#env });
    this.#children.add(child);
    return child;
  }

  #configure(): void {
    for (const folder of ['data', 'hub', 'plugins', 'agent']) fs.mkdirSync(this.#path(folder));
    const etc = join(this.#tree, 'etc/crowdsec');
    const folder = this.#folder;
    const files = {
      'auth.log': '',
      'acquis.yaml': `filenames: [${this.#path('auth.log')}]\nlabels: { type: syslog }\n`,
      'console.yaml': '{}\n',
      'hub/.index.json': '{}\n',
      'config.yaml': configOf({ folder, etc, configs: folder, hub: this.#path('hub'), client: 'client' }),
      'agent.yaml': configOf({
        ...{ folder, etc, configs: this.#path('agent'), hub: this.#path('agent-hub') },
        client: 'agent-client',
      }),
      'bouncer.yaml': bouncerOf(folder),
    };
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(this.#path(name), text);
    this.#fillHub(etc);
  }

  /** The package's hub, of which the agent has what PARSERS and one scenario name: by links, as cscli installs them. */
  #fillHub(etc: string): void {
    const hub = this.#path('agent-hub');
    fs.cpSync(join(this.#tree, 'usr/share/crowdsec/hub'), hub, { recursive: true });
    fs.symlinkSync(join(etc, 'patterns'), this.#path('agent/patterns'));
    // A link of another name than the file's is ignored.
    const install = (kind: string, name: string, folder: string): void => {
      fs.mkdirSync(this.#path(`agent/${folder}`), { recursive: true });
      fs.symlinkSync(join(hub, kind, `${name}.yaml`), this.#path(`agent/${folder}/${basename(name)}.yaml`));
    };
    for (const name of PARSERS) install('parsers', name, `parsers/${name.split('/')[0] ?? ''}`);
    install('scenarios', 'crowdsecurity/ssh-bf', 'scenarios');
  }
}

/** As sshd tells them to syslog. */
function failedLogins(ip: string): string {
  const [, month = '', day = '', , time = ''] = new Date().toString().split(' ');
  const lines = Array.from(
    { length: ATTEMPTS },
    (_, index) =>
      `${month} ${day} ${time} web1 sshd[4${index}]: Failed password for invalid user u${index} from ${ip} port 40${index} ssh2`,
  );
  return `${lines.join('\n')}\n`;
}

interface Folders {
  readonly folder: string;
  /** Of the package. */
  readonly etc: string;
  readonly configs: string;
  readonly hub: string;
  /** Whose name and password. */
  readonly client: string;
}

/** The package's settings, in this folder, and without the community's lists. */
function configOf({ folder, etc, configs, hub, client }: Folders): string {
  return `common: { daemonize: false, log_media: stdout, log_level: info, working_dir: ${folder} }
config_paths:
  config_dir: ${configs}/
  data_dir: ${folder}/data/
  simulation_path: ${etc}/simulation.yaml
  hub_dir: ${hub}/
  index_path: ${hub}/.index.json
  notification_dir: ${folder}/plugins/
  plugin_dir: ${folder}/plugins/
crowdsec_service: { acquisition_path: ${folder}/acquis.yaml, parser_routines: 1 }
cscli: { output: human }
db_config: { type: sqlite, db_path: ${folder}/data/crowdsec.db, use_wal: true }
plugin_config: { user: nobody, group: nogroup }
api:
  client: { credentials_path: ${folder}/${client}.yaml }
  server:
    listen_uri: 127.0.0.1:${PORT}
    profiles_path: ${etc}/profiles.yaml
    console_path: ${folder}/console.yaml
prometheus: { enabled: false }
`;
}

/** The package's settings: a question every ten seconds. */
function bouncerOf(folder: string): string {
  return `mode: nftables
pid_dir: ${folder}
update_frequency: 10s
daemonize: false
log_mode: stdout
log_level: info
api_url: http://127.0.0.1:${PORT}/
api_key: ${API_KEY}
disable_ipv6: true
deny_action: DROP
supported_decisions_types: [ban]
nftables:
  ipv4: { enabled: true, set-only: false, table: crowdsec, chain: crowdsec-chain }
  ipv6: { enabled: false }
prometheus: { enabled: false }
`;
}
