/** The accounts of this machine, as the tools of the system show and make them. */
import { BanspoolError } from './error.ts';
import type { Run } from './processes/run.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

export interface NewAccount {
  readonly name: string;
  readonly home: string;
  readonly shell: string;
}

export interface Accounts {
  /** Undefined when there is none of that name. */
  readonly find: (name: string) => Promise<Account | undefined>;
  /** A system account with a group of its own, and without a password. */
  readonly add: (account: NewAccount) => Promise<Account>;
  readonly remove: (name: string) => Promise<void>;
}

export function makeAccounts(run: Run): Accounts {
  const find = async (name: string): Promise<Account | undefined> => {
    const { exitCode, stdout } = await run('getent', ['passwd', name]);
    if (exitCode !== 0) return undefined;
    const [, , uid, gid, , home = '', shell = ''] = stdout.trimEnd().split(':');
    return { name, uid: Number(uid), gid: Number(gid), home, shell };
  };
  return {
    find,
    add: async ({ name, home, shell }) => {
      const options = ['--system', '--user-group', '--no-create-home', '--home-dir', home, '--shell', shell];
      await must(run, 'useradd', [...options, name]);
      const made = await find(name);
      if (made === undefined)
        throw new BanspoolError('command-failed', `useradd did not create the account "${name}"`);
      return made;
    },
    remove: async (name) => {
      await must(run, 'userdel', [name]);
    },
  };
}

async function must(run: Run, file: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await run(file, args);
  if (exitCode !== 0) throw new BanspoolError('command-failed', `${file}: ${stderr.trim()}`);
}
