/**
 * Firewalls that share their bans by a hub on git, over real ssh: from a ban at one to the drop at the other, by the
 * commands of docs/fleet.md. Both firewalls are programs on the machine of the hub, with chains of their own.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { layersWith } from '../lab/layers.ts';
import { Machine } from '../lab/machine.ts';
import { eventually } from '../support/eventually.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { requirePrivateNetwork } from '../support/namespaces.ts';
import { outputOf } from '../support/run-program.ts';

const test = suite<{ site: Site }>('a fleet on a hub behind ssh');

const NAMES = ['fw1', 'fw2'];
const PROGRAM = [process.execPath, '/opt/banspool/dist/banspool.js'];
const REMOTE = 'ssh://banspool-hub@127.0.0.1/var/hub/fleet.git';

/** Long, so that only the bell can be what brings the news. */
const EVERY = '1h';

class Site implements AsyncDisposable {
  readonly #machine: Machine;
  #dropped = 0;

  private constructor(machine: Machine) {
    this.#machine = machine;
  }

  static async build(): Promise<Site> {
    requirePrivateNetwork();
    await outputOf(['sh', '-ec', 'ip netns add fleet; ip -n fleet link set lo up']);
    const site = new Site(await Machine.start('fleet', layersWith()));
    try {
      await site.#machine.sh('/usr/sbin/sshd');
      await site.banspool('hub', 'init', '/var/hub/fleet.git');
      for (const name of NAMES) await site.#prepare(name);
      for (const name of NAMES) await site.#believe(name);
      for (const name of NAMES) site.#start(name);
      return site;
    } catch (error) {
      await site[Symbol.asyncDispose]();
      throw error;
    }
  }

  async banspool(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#machine.exec([...PROGRAM, ...words]);
    if (code !== 0) throw new Error(`banspool ${words.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Delivers a file to the spool of a firewall. */
  async drop(name: string, text: string): Promise<void> {
    this.#dropped += 1;
    const file = `${Date.now()}000000-1-${this.#dropped}.yaml`;
    const spool = `/tmp/${name}/spool/web1`;
    await this.#machine.sh(
      `mkdir -p ${spool}; cat >${spool}/.${file}; mv ${spool}/.${file} ${spool}/${file}`,
      {
        input: text,
      },
    );
  }

  /** Whether the second firewall drops it. */
  async isDropped(ip: string): Promise<boolean> {
    const { stdout } = await this.#machine.exec(['iptables', '-S']);
    return stdout.includes(`-A fw2-sshd -s ${ip}/32 -j DROP\n`);
  }

  async sh(script: string): Promise<string> {
    return this.#machine.sh(script);
  }

  async #prepare(name: string): Promise<void> {
    const folder = `/tmp/${name}`;
    const fleet = { name, engine: 'git', remote: REMOTE, folder: `${folder}/fleet`, every: EVERY };
    const config = { spool: `${folder}/spool`, state: `${folder}/state`, runtime: folder, iptables: 'nft' };
    await this.#machine.sh(
      `mkdir -p ${folder}/spool ${folder}/fleet/mover ${folder}/fleet/in ${folder}/fleet/out`,
    );
    this.#machine.write(
      `${folder}/config.yaml`,
      `${JSON.stringify({ ...config, chainPrefix: `${name}-`, fleet })}\n`,
    );
    await this.#machine.sh(`
      ssh-keygen -q -t ed25519 -N '' -f ${folder}/fleet/mover/ssh_key
      ${PROGRAM.join(' ')} reconcile --config ${folder}/config.yaml || true
      ${PROGRAM.join(' ')} peers key --config ${folder}/config.yaml >${folder}/key.pub
      ${PROGRAM.join(' ')} hub add ${name} --dir /var/hub/fleet.git --key ${folder}/fleet/mover/ssh_key.pub`);
  }

  async #believe(name: string): Promise<void> {
    for (const peer of NAMES.filter((other) => other !== name))
      await this.banspool(
        'peers',
        'add',
        peer,
        '--key',
        `/tmp/${peer}/key.pub`,
        '--config',
        `/tmp/${name}/config.yaml`,
      );
  }

  #start(name: string): void {
    for (const command of ['run', 'fleet'])
      this.#machine.spawn([...PROGRAM, command, '--config', `/tmp/${name}/config.yaml`]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#machine[Symbol.asyncDispose]();
    await outputOf(['ip', 'netns', 'delete', 'fleet']);
  }
}

test.before(async (context) => {
  context.site = await Site.build();
});
test.after(async ({ site }) => {
  await site[Symbol.asyncDispose]();
});

test('drops at one firewall what a server behind the other bans, when the bell rings', async ({ site }) => {
  // The movers have said that they listen.
  await eventually(async () => {
    assert.is((await site.sh("pgrep -fc '^tail .*/var/hub/fleet.git/bell$' || true")).trim(), '2');
  });

  await site.drop('fw1', banText('203.0.113.7'));
  await eventually(async () => {
    assert.ok(await site.isDropped('203.0.113.7'));
  });
  await site.drop('fw1', unbanText('203.0.113.7'));
  await eventually(async () => {
    assert.not.ok(await site.isDropped('203.0.113.7'));
  });

  const peers = await site.banspool('peers', '--config', '/tmp/fw2/config.yaml');
  assert.match(peers, /^fw1 /m);
});

test('goes on by itself when the hub was away', async ({ site }) => {
  await site.sh('pkill -o sshd; mv /var/hub/fleet.git /var/hub/away.git');
  await site.drop('fw1', banText('203.0.113.8'));
  await site.sh('sleep 1; mv /var/hub/away.git /var/hub/fleet.git; /usr/sbin/sshd');

  await eventually(async () => {
    assert.ok(await site.isDropped('203.0.113.8'));
  });
});

test.run();
