/**
 * A hub behind a real sshd, on a machine of its own, and firewalls that share their bans by it. The firewalls are
 * programs on this side of the cable, with chains of their own: the first one drops what is forwarded alone, so that
 * what an attacker sends here is dropped by the others.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FleetConfig } from '../../../src/config/config.ts';
import { bellWords, remoteOf } from '../../../src/mover/git/ssh-line.ts';
import { layersWith } from '../../lab/layers.ts';
import { Machine } from '../../lab/machine.ts';
import { Child } from '../../support/child.ts';
import { eventually } from '../../support/eventually.ts';
import { outputOf } from '../../support/run-program.ts';
import { worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { asUnit } from './as-unit.ts';
import { cpuOfAll } from './cpu.ts';
import { joinFleet, type Member } from './listener-site.ts';

const NAME = 'hub';
const ADDRESS = '198.51.101.2';
/** No overlay, as /var is there: on one of these tail hears of nothing, and looks twice a second. */
const FOLDER = '/srv/fleet.git';

const PROGRAM = '/opt/banspool/dist/banspool.js';

/** Of Ethernet, IPv4 and TCP with its times. */
const HEADER_BYTES = 66;

export const REMOTE = `ssh://banspool-hub@${ADDRESS}${FOLDER}`;

export interface HubMember extends Member {
  readonly config: FleetConfig;
}

interface MemberOptions {
  readonly every?: string;
  readonly hooks?: string;
}

export class HubSite implements AsyncDisposable {
  readonly #machine: Machine;
  readonly #members: HubMember[] = [];
  readonly #children: Child[] = [];

  private constructor(machine: Machine) {
    this.#machine = machine;
  }

  static async open(): Promise<HubSite> {
    const commands = [
      `ip netns add ${NAME}`,
      `ip link add to-${NAME} type veth peer name eth0 netns ${NAME}`,
      `ip addr add 198.51.101.1/24 dev to-${NAME}`,
      `ip link set to-${NAME} up`,
      `ip -n ${NAME} addr add ${ADDRESS}/24 dev eth0`,
      `ip -n ${NAME} link set eth0 up`,
      `ip -n ${NAME} link set lo up`,
    ];
    for (const command of commands) await outputOf(command.split(' '));
    const site = new HubSite(await Machine.start(NAME, layersWith()));
    await site.#machine.sh(
      `mount -t tmpfs -o mode=755 tmpfs /srv; /usr/sbin/sshd; ${process.execPath} ${PROGRAM} hub init ${FOLDER}`,
    );
    return site;
  }

  /** Opens a firewall that may push to the hub; it is not started. */
  async add(name: string, { every = '1h', hooks = '[INPUT]' }: MemberOptions = {}): Promise<HubMember> {
    const sandbox = await Sandbox.open();
    const folder = join(sandbox.folder, 'fleet');
    mkdirSync(join(folder, 'mover'), { recursive: true });
    const identity = join(folder, 'mover/ssh_key');
    await outputOf(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', identity]);
    const fleet = `, engine: git, remote: "${REMOTE}", every: ${every}, identity: ${identity}`;
    await joinFleet(sandbox, name, { chainPrefix: `${name}-`, hooks, fleet });
    this.#machine.write(`/tmp/${name}.pub`, readFileSync(`${identity}.pub`, 'utf8'));
    const words = `hub add ${name} --dir ${FOLDER} --key /tmp/${name}.pub`;
    await this.#machine.sh(`${process.execPath} ${PROGRAM} ${words}`);
    const { fleet: config } = worldOf(sandbox).config;
    if (config === undefined) throw new Error('the config has no fleet');
    const member = { name, sandbox, config };
    this.#members.push(member);
    return member;
  }

  startMover({ sandbox }: HubMember): Child {
    const child = new Child([...asUnit('banspool-fleet.service'), ...sandbox.command('fleet')]);
    this.#children.push(child);
    return child;
  }

  /** The standing line that its mover has, for who moves by hand. */
  openLine({ config }: HubMember): void {
    this.#children.push(new Child(['ssh', ...bellWords(config, remoteOf(REMOTE))]));
  }

  /** Waits until so many hear the bell. */
  async belled(count: number): Promise<void> {
    await eventually(async () => {
      const found = await this.sh(`pgrep -fc '^tail .*${FOLDER}/bell$' || true`);
      if (Number(found) < count) throw new Error(`${found.trim()} of ${count} hear the bell`);
    });
  }

  /** Waits until the hub has the branch of a firewall. */
  async holds(name: string): Promise<void> {
    await eventually(() => this.sh(`test -f ${FOLDER}/refs/heads/fw/${name}/claims`));
  }

  /** Has the door refuse the bell. */
  async silence(): Promise<void> {
    await this.sh(
      `sed -i 's/^  bell) .*/  bell) exit 1 ;;/' ${FOLDER}/door; ! grep -q 'bell) exec' ${FOLDER}/door`,
    );
  }

  async sh(script: string, input?: string): Promise<string> {
    return this.#machine.sh(script, input === undefined ? {} : { input });
  }

  /** Milliseconds of the processor that all on the hub took so far. */
  cpu(): number {
    return cpuOfAll(this.#machine.path('/proc'));
  }

  /** Kilobytes that ssh sent over the cable so far, both ways. */
  carried(): number {
    const [, counts = ''] =
      new RegExp(`^ *to-${NAME}: *(.*)$`, 'm').exec(readFileSync('/proc/net/dev', 'utf8')) ?? [];
    const fields = counts.split(/ +/).map(Number);
    const [bytes, packets] = [(fields[0] ?? 0) + (fields[8] ?? 0), (fields[1] ?? 0) + (fields[9] ?? 0)];
    return (bytes - packets * HEADER_BYTES) / 1000;
  }

  /** Pretends that so many other firewalls have published. */
  async crowdOf(branches: number): Promise<void> {
    const commits = Array.from({ length: branches }, (_, index) => {
      const name = `p${String(index).padStart(3, '0')}`;
      const text = `of ${name}\n`;
      const data = `data ${text.length}\n${text}`;
      const head = `commit refs/heads/fw/${name}/claims\ncommitter ${name} <${name}@x> ${1_700_000_000 + index} +0000`;
      return `${head}\n${data}M 100644 inline lifts.yaml\n${data}\n`;
    });
    const path = '/tmp/crowd';
    writeFileSync(this.#machine.path(path), commits.join(''));
    await this.sh(
      `runuser -u banspool-hub -- git --git-dir ${FOLDER} fast-import --quiet <${path} && rm ${path}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) await child[Symbol.asyncDispose]();
    for (const { sandbox } of this.#members) await sandbox[Symbol.asyncDispose]();
    await this.#machine[Symbol.asyncDispose]();
    await outputOf(['ip', 'link', 'delete', `to-${NAME}`]);
    await outputOf(['ip', 'netns', 'delete', NAME]);
  }
}
