/** The machines of one test file, booted together on a network of their own, and what all the files ask of them. */
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { outputOf } from '../support/run-program.ts';
import { commandsOf } from './commands-of.ts';
import { Machine } from './machine.ts';
import { makeNetwork, type MachineName, type ServerName } from './network.ts';

/** Where .ci/system has made each Debian. */
const TREES = {
  trixie: process.env['BANSPOOL_TRIXIE'] ?? '',
  bookworm: process.env['BANSPOOL_BOOKWORM'] ?? '',
} as const;

type Suite = keyof typeof TREES;

const CGROUP = process.env['BANSPOOL_CGROUP'] ?? '';
const PACKAGES = join(import.meta.dirname, '../../../dist/deb');

export class Machines {
  readonly #machines: ReadonlyMap<MachineName, Machine>;

  private constructor(machines: readonly Machine[]) {
    this.#machines = new Map(machines.map((each) => [each.name, each]));
  }

  /** Makes the network, boots all of them from one Debian but for `others`, and waits until they are up. */
  static async boot(
    suite: Suite,
    names: readonly MachineName[],
    others: Partial<Record<MachineName, Suite>> = {},
  ): Promise<Machines> {
    // systemd-nspawn works there, whatever TMPDIR says, and the machine's can only be read.
    // A layer: the project itself may lie there.
    await outputOf(['mkdir', '/run/tmp-upper', '/run/tmp-work']);
    const layers = 'lowerdir=/tmp,upperdir=/run/tmp-upper,workdir=/run/tmp-work';
    await outputOf(['mount', '-t', 'overlay', 'overlay', '-o', layers, '/tmp']);
    await makeNetwork();
    // Machines of one name boot side by side in other test files.
    const cgroup = join(CGROUP, String(process.pid));
    return new Machines(
      await Promise.all(
        names.map((name) =>
          Machine.boot({ name, tree: TREES[others[name] ?? suite], packages: PACKAGES, cgroup }),
        ),
      ),
    );
  }

  get(name: MachineName): Machine {
    const found = this.#machines.get(name);
    if (found === undefined) throw new Error(`${name} was not booted`);
    return found;
  }

  /** Lets a server in; the pages' example is of web1, with its key brought by whatever way there is. */
  async letIn(name: ServerName): Promise<void> {
    const key = await this.get(name).output('cat', '/etc/banspool/key.pub');
    const command = commandsOf('let a server in').replaceAll('web1', name);
    const script = `cd /root; printf '%s\\n' "$1" >key.pub; ${command}`;
    await this.get('firewall').output('sh', '-ec', script, 'sh', key);
  }

  async cutPower(): Promise<void> {
    for (const each of this.#machines.values()) await each.cutPower();
  }
}

/** Throws unless `banspool status` of that firewall finds nothing wrong. */
export async function assertConverged(firewall: Machine): Promise<void> {
  const { code, stdout, stderr } = await firewall.run('banspool', 'status');
  assert.is(code, 0, stdout + stderr);
}

/** Throws where a unit of that machine has failed, with what the journal has of ours. */
export async function assertNoUnitFailed(machine: Machine): Promise<void> {
  const failed = await machine.output('systemctl', 'list-units', '--failed', '--plain', '--no-legend');
  if (failed === '') return;
  const journal = await machine.output('journalctl --boot --no-pager --unit="banspool*" | tail -n 60');
  assert.unreachable(`${failed}\n${journal}`);
}

/** The rule of a ban, as iptables -S has it. */
export function dropOf(ip: string): RegExp {
  return new RegExp(`-s ${ip.replaceAll('.', '\\.')}/32 -j DROP`);
}
