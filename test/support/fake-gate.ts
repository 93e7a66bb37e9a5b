/** A firewall's door in memory: accounts, files with their owners, and an sshd that says what it is told to say. */
import { readConfig } from '../../src/config/config.ts';
import type { Gate, Transport } from '../../src/access/gate.ts';
import { letIn } from '../../src/access/let-in.ts';
import type { Account } from '../../src/system/accounts.ts';
import { BanspoolError } from '../../src/system/error.ts';
import type { Ownership } from '../../src/system/files/owned.ts';
import type { Ran } from '../../src/system/processes/run.ts';
import { ed25519 } from '../access/ssh-key.ts';

const FIRST_UID = 990;

export class FakeGate implements Gate {
  config: Gate['config'] = configOf('');
  readonly receive = '/usr/lib/banspool/action.d/banspool-receive';
  /** What `sshd -T` says; a setting that is not here is left out, as by an sshd that does not know it. */
  readonly sshd = new Map<string, string>([
    ['pubkeyauthentication', 'yes'],
    ['usepam', 'yes'],
    ['authorizedkeysfile', '.ssh/authorized_keys .ssh/authorized_keys2'],
    ['authenticationmethods', 'any'],
    ['forcecommand', 'none'],
    ['chrootdirectory', 'none'],
  ]);
  /** False: sshd_config has no Include of the folder where our file is. */
  includes = true;
  /** False: whoever asks is nobody in particular. */
  root = true;
  /** Why sshd says nothing, where it does not. */
  silence: 'missing' | 'broken' | undefined;
  /** What sshd has against its configuration, where it would not start with that. */
  complaint: string | undefined;
  /** The accounts whose connections were closed. */
  readonly closed: string[] = [];
  readonly #accounts = new Map<string, Account>();
  readonly #files = new Map<string, string>();
  readonly #owners = new Map<string, Ownership>();

  constructor() {
    this.#owners.set(this.receive, { uid: 0, gid: 0, mode: 0o755 });
  }

  /** As who edits the config. */
  configure(text: string): void {
    this.config = configOf(text);
  }

  readonly owned: Gate['owned'] = {
    look: (path) => this.#owners.get(path),
    makeFolder: (path, ownership) => void this.#owners.set(path, ownership),
    removeEmptyFolder: (path) => this.#owners.delete(path),
    read: (path) => this.#files.get(path),
    write: (path, text, ownership) => {
      this.#files.set(path, text);
      this.#owners.set(path, ownership);
    },
    remove: (path) => {
      this.#files.delete(path);
      this.#owners.delete(path);
    },
  };

  /** As chown and chmod. */
  give(path: string, ownership: Ownership): void {
    this.#owners.set(path, ownership);
  }

  readonly accounts: Gate['accounts'] = {
    find: (name) => Promise.resolve(this.#accounts.get(name)),
    add: (wanted) => {
      const uid = FIRST_UID - this.#accounts.size;
      const account = { ...wanted, uid, gid: uid };
      this.#accounts.set(wanted.name, account);
      return Promise.resolve(account);
    },
    remove: (name) => {
      this.#accounts.delete(name);
      return Promise.resolve();
    },
  };

  readonly takeLock: Gate['takeLock'] = () =>
    Promise.resolve({
      ...{ holding: undefined, before: undefined },
      check: () => undefined,
      release: () => Promise.resolve(),
    });

  readonly isRoot = (): boolean => this.root;

  readonly run: Gate['run'] = async (file, args) => Promise.resolve().then(() => this.#run(file, args));

  #run(file: string, args: readonly string[]): Ran {
    const ran = (stdout: string): Ran => ({ pid: 1, exitCode: 0, stdout, stderr: '' });
    if (file === 'rrsync') return ran('-wo -no-del -no-lock -munge');
    if (file === 'id') return ran(args.at(-1) ?? '');
    if (file === 'pkill') {
      this.closed.push(args[args.indexOf('--euid') + 1] ?? '');
      return ran('');
    }
    if (file !== 'sshd') return ran('');
    if (args[0] === '-t')
      return this.complaint === undefined ? ran('') : { ...ran(''), exitCode: 255, stderr: this.complaint };
    if (this.silence === 'missing') throw new BanspoolError('command-missing', 'sshd is not installed');
    if (this.silence === 'broken')
      return { ...ran(''), exitCode: 255, stderr: 'line 3: Bad configuration option: x' };
    const account = /user=([^,]*)/.exec(args.join(' '))?.[1] ?? '';
    const settings = new Map([...this.sshd, ...this.#matched(account)]);
    return ran([...settings].map(([key, value]) => `${key} ${value}\n`).join(''));
  }

  /** What the file of our own blocks has for the account. */
  #matched(account: string): readonly (readonly [string, string])[] {
    if (!this.includes) return [];
    const blocks = this.#files.get('/etc/ssh/sshd_config.d/banspool.conf') ?? '';
    const block = blocks.split('Match User ').find((each) => each.startsWith(`${account}\n`)) ?? '';
    return [...block.matchAll(/^ {2}(\S+) (.*)$/gm)].map(([, key = '', value = '']) => [
      key.toLowerCase(),
      value,
    ]);
  }
}

function configOf(text: string): Gate['config'] {
  const read = readConfig(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.config;
}

/** One by which the server web1 is let in. */
export async function gateWith(transport: Transport): Promise<FakeGate> {
  const gate = new FakeGate();
  await letIn(gate, { server: 'web1', transport, key: ed25519(1), from: '203.0.113.11' });
  gate.closed.length = 0;
  return gate;
}
