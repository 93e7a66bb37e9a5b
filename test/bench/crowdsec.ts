/**
 * A peer: CrowdSec's local API with its firewall bouncer, as Debian packages them and with the bouncer's own
 * settings. From a decision to the last packet of the address, and what becomes of a decision that another program
 * took out of the set.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { treeOf } from '../lab/layers.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { outputOf } from '../support/run-program.ts';
import { ATTACKER, type Attacker } from './attacker.ts';
import { tool } from './bare.ts';
import { figureOf, type Figure } from './figure.ts';

const ROUNDS = 6;

/** The bouncer asks every ten seconds: each round begins at another moment between two questions. */
const STAGGER_MS = 1_700;

/** Two questions of the bouncer's, and some. */
const HEAL_LIMIT_MS = 25_000;

export async function crowdsec(attacker: Attacker): Promise<readonly Figure[]> {
  await using peer = await CrowdSec.start();
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await attacker.heard(30_000);
    await delay(round * STAGGER_MS);
    const decidedAt = performance.now();
    await peer.decide('add');
    samples.push((await attacker.silenced(30_000)) - decidedAt);
    if (round < ROUNDS - 1) await peer.decide('delete');
  }
  await tool('nft', ['flush', 'set', 'ip', 'crowdsec', SET]);
  await attacker.heard();
  const healed = await attacker.silenced(HEAL_LIMIT_MS).then(
    () => 1,
    () => 0,
  );
  // That it did not heal is said only of a peer that runs, and of packets that do arrive.
  peer.assertRunning();
  if (healed === 0) await attacker.heard();
  return [
    figureOf("CrowdSec's bouncer, one ban", samples),
    figureOf(`CrowdSec's bouncer, foreign flushes healed within ${HEAL_LIMIT_MS / 1000} s`, [healed], {
      unit: 'count',
    }),
  ];
}

const SET = 'crowdsec-blacklists';

class CrowdSec implements AsyncDisposable {
  readonly #folder = mkdtempSync('/run/crowdsec-');
  readonly #tree = treeOf('crowdsec');
  readonly #children: Child[] = [];

  static async start(): Promise<CrowdSec> {
    const peer = new CrowdSec();
    peer.#configure();
    await peer.#cscli(
      'machines',
      'add',
      'bench',
      '--password',
      PASSWORD,
      '--file',
      peer.#path('client.yaml'),
    );
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
    const ended = this.#children.find(({ process }) => process.exitCode !== null);
    if (ended !== undefined) throw new Error(`a part of CrowdSec ended: ${ended.stderr}${ended.stdout}`);
  }

  /** As its own command line does. */
  async decide(verb: 'add' | 'delete'): Promise<void> {
    await this.#cscli('decisions', verb, '--ip', ATTACKER);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) await child[Symbol.asyncDispose]();
    await tool('nft', ['delete', 'table', 'ip', 'crowdsec']);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Its libraries need not be installed either. */
  get #env(): Readonly<Record<string, string>> {
    const folders = readdirSync(join(this.#tree, 'usr/lib')).filter((name) => name.endsWith('-linux-gnu'));
    const libraries = folders.map((name) => join(this.#tree, 'usr/lib', name)).join(':');
    return { PATH: process.env['PATH'] ?? '', LD_LIBRARY_PATH: libraries };
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  #program(name: string): string {
    return join(this.#tree, 'usr/bin', name);
  }

  async #cscli(...words: readonly string[]): Promise<void> {
    await outputOf([this.#program('cscli'), '-c', this.#path('config.yaml'), ...words], { env: this.#env });
  }

  #spawn(name: string, ...words: readonly string[]): Child {
    const child = new Child([this.#program(name), ...words], { env: this.#env });
    this.#children.push(child);
    return child;
  }

  #configure(): void {
    for (const folder of ['data', 'hub', 'plugins']) mkdirSync(this.#path(folder));
    const folder = this.#folder;
    const files = {
      'acquis.yaml': '',
      'console.yaml': '{}\n',
      'hub/.index.json': '{}\n',
      'config.yaml': configOf(folder, join(this.#tree, 'etc/crowdsec')),
      'bouncer.yaml': bouncerOf(folder),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(this.#path(name), text);
  }
}

const PASSWORD = 'of the benchmark';
const API_KEY = '0123456789abcdef';

/** The package's settings, in this folder, and without the community's lists. */
function configOf(folder: string, etc: string): string {
  return `common: { daemonize: false, log_media: stdout, log_level: info, working_dir: ${folder} }
config_paths:
  config_dir: ${folder}/
  data_dir: ${folder}/data/
  simulation_path: ${etc}/simulation.yaml
  hub_dir: ${folder}/hub/
  index_path: ${folder}/hub/.index.json
  notification_dir: ${folder}/plugins/
  plugin_dir: ${folder}/plugins/
crowdsec_service: { acquisition_path: ${folder}/acquis.yaml, parser_routines: 1 }
cscli: { output: human }
db_config: { type: sqlite, db_path: ${folder}/data/crowdsec.db, use_wal: true }
plugin_config: { user: nobody, group: nogroup }
api:
  client: { credentials_path: ${folder}/client.yaml }
  server:
    listen_uri: 127.0.0.1:8080
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
api_url: http://127.0.0.1:8080/
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
