/**
 * Makes a hub, or completes one. It checks everything before it changes it, so that a second call changes nothing. It
 * keeps and reports a file that differs from what this version writes, unless `replace` is set: the operator of the hub
 * may change its limits.
 */
import { join } from 'node:path';
import { ensureAccount, isSame } from '../access/gate.ts';
import type { Account, NewAccount } from '../system/accounts.ts';
import { BanspoolError } from '../system/error.ts';
import type { Ownership } from '../system/files/owned.ts';
import { formatHubConfig } from './hub-config.ts';
import { hubIn, keeps, readAccount, requireKeeper, type Hub, type HubGate } from './hub.ts';

interface WantedHub {
  readonly folder: string;
  /** Absent: the account of the existing hub; for a new hub, `banspool-hub` as root, the caller's own otherwise. */
  readonly account?: string | undefined;
  /** Replaces files that differ from what this version writes. */
  readonly replace: boolean;
}

interface MadeHub {
  readonly hub: Hub;
  /** A line for each change. */
  readonly done: readonly string[];
  /** A line for each thing that is wrong and was not changed. */
  readonly left: readonly string[];
}

const DEFAULT_ACCOUNT = 'banspool-hub';

/** bash reads ~/.bashrc when sshd starts it: a fetch without news takes 20 times the processor time (measured). */
const SHELL = '/bin/sh';

/** Makes the hub, or the missing parts of it. */
export async function makeHub(gate: HubGate, wanted: WantedHub): Promise<MadeHub> {
  const { folder } = wanted;
  const report: Report = { done: [], left: [] };
  const name = accountOf(gate, wanted);
  // Throws without git, before anything is changed.
  await gate.run('git', ['--version']);
  const account = await ensureHubAccount(gate, name, report.done);
  if (account.shell !== SHELL)
    report.left.push(
      `${name} has the shell ${account.shell}, which takes more processor time; fix: usermod -s ${SHELL} ${name}`,
    );
  fill(gate, { ...wanted, account }, report);
  return { hub: hubIn(folder, account), ...report };
}

/** The name of the account. Throws if the folder has other files, or the hub of another account. */
function accountOf(gate: HubGate, { folder, account }: WantedHub): string {
  const known = readAccount(gate, folder);
  if (known !== undefined && (account ?? known) !== known)
    throw new BanspoolError('usage', `${folder} is already the hub of the account ${known}`, {
      hint: 'make another one in another folder',
    });
  if (known !== undefined) return known;
  if (gate.owned.look(folder) !== undefined && !gate.owned.removeEmptyFolder(folder))
    throw new BanspoolError('usage', `${folder} is not empty, and not a hub`, {
      hint: 'name a folder that does not exist yet',
    });
  const isRoot = gate.caller.uid === 0;
  if (!isRoot && account !== undefined && account !== gate.callerName)
    throw new BanspoolError('usage', 'only root may make a hub for another account', {
      hint: 'run it as root',
    });
  return account ?? (isRoot ? DEFAULT_ACCOUNT : gate.callerName);
}

async function ensureHubAccount(gate: HubGate, name: string, done: string[]): Promise<Account> {
  const wanted: NewAccount = { name, home: `/var/lib/${name}`, shell: SHELL };
  if (!/^[a-z][a-z0-9_-]{0,31}$/.test(name))
    throw new BanspoolError('usage', `"${name}" cannot be the name of an account`, {
      hint: 'a name is 1-32 characters of a-z 0-9 _ -, beginning with a letter',
    });
  const account = await ensureAccount(gate, wanted, done);
  if (account.uid === 0)
    throw new BanspoolError(
      'usage',
      `${name} cannot be the account of a hub: firewalls would connect as root`,
      {
        hint: 'name another one with --account, or leave --account out',
      },
    );
  requireKeeper(gate, account);
  if (gate.owned.look(account.home) === undefined) {
    gate.owned.makeFolder(account.home, keeps(gate, 0o755));
    done.push(`${account.home} created, the home of ${name}`);
  }
  return account;
}

interface Report {
  readonly done: string[];
  readonly left: string[];
}

interface Wanted extends Omit<WantedHub, 'account'> {
  readonly account: Account;
}

/** A file or, without a text, a folder. */
interface Piece {
  readonly path: string;
  readonly text?: string;
  readonly ownership: Ownership;
}

/**
 * While root writes into the folder, no other user may. Then git may create files there, but replace none of root's.
 */
function fill(gate: HubGate, wanted: Wanted, report: Report): void {
  const { folder, account } = wanted;
  const mode = gate.caller.uid === 0 ? 0o1770 : 0o700;
  const open: Ownership = { uid: gate.caller.uid, gid: account.gid, mode };
  const todo = piecesOf(gate, wanted).filter((piece) => isToDo(gate, piece, { wanted, report }));
  if (todo.length === 0 && isSame(gate.owned.look(folder), open)) return;
  gate.owned.makeFolder(folder, keeps(gate, 0o755));
  for (const { path, text, ownership } of todo) {
    if (text === undefined) gate.owned.makeFolder(path, ownership);
    else gate.owned.write(path, text, ownership);
    report.done.push(`${path} written`);
  }
  gate.owned.makeFolder(folder, open);
  if (todo.length === 0) report.done.push(`${folder}: owner and mode corrected`);
}

interface Circumstances {
  readonly wanted: Wanted;
  readonly report: Report;
}

function isToDo(gate: HubGate, { path, text, ownership }: Piece, { wanted, report }: Circumstances): boolean {
  const isOwned = isSame(gate.owned.look(path), ownership);
  if (text === undefined) return !isOwned;
  const found = gate.owned.read(path);
  // The account writes the bell.
  if (found === undefined || found === text || path.endsWith('/bell')) return found === undefined || !isOwned;
  if (wanted.replace) return true;
  report.left.push(`${path} differs from what this version writes, and stays; --force replaces it`);
  return false;
}

/** The pieces in the order in which they are written; the config first, because it marks a folder as a hub. */
function piecesOf(gate: HubGate, { folder, account }: Wanted): readonly Piece[] {
  const theirs = (mode: number): Ownership => ({ uid: account.uid, gid: account.gid, mode });
  const [file, program] = [keeps(gate, 0o644), keeps(gate, 0o755)];
  return [
    { path: join(folder, 'config'), text: formatHubConfig(account.name), ownership: file },
    // A branch that no firewall has, so that none is the current one.
    { path: join(folder, 'HEAD'), text: 'ref: refs/heads/none\n', ownership: file },
    { path: join(folder, 'hooks'), ownership: program },
    { path: join(folder, 'hooks/update'), text: scriptOf(gate, 'update'), ownership: program },
    { path: join(folder, 'hooks/post-receive'), text: scriptOf(gate, 'post-receive'), ownership: program },
    { path: join(folder, 'door'), text: scriptOf(gate, 'door'), ownership: program },
    { path: join(folder, 'objects'), ownership: theirs(0o700) },
    { path: join(folder, 'refs'), ownership: theirs(0o700) },
    { path: join(folder, 'bell'), text: '', ownership: theirs(0o600) },
  ];
}

function scriptOf({ owned, scripts }: HubGate, name: string): string {
  const path = join(scripts, name);
  const text = owned.read(path);
  if (text !== undefined) return text;
  throw new BanspoolError('io', `${path} is missing`, { hint: 'install banspool again' });
}
