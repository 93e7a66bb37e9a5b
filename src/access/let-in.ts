/**
 * Who may drop intents: for each server a folder in the spool, and an ssh key that can write there and do nothing else.
 * Everything is looked at before it is changed, so that doing it twice does it once.
 */
import { join } from 'node:path';
import { foreignKeyLines, parseScpKey, parseServerKeys } from './authorized-keys.ts';
import { parseFromList } from './from-list.ts';
import { fingerprintOf, type PublicKey } from '../domain/public-key.ts';
import { BanspoolError } from '../system/error.ts';
import {
  accountFor,
  CONTROLLER,
  ensureAccount,
  isSame,
  KEY_ACCOUNT,
  ROOT,
  type Gate,
  type NewServer,
  type Transport,
  type WantedServer,
} from './gate.ts';
import { dropKey, putKey, readKeys } from './rsync-access.ts';
import { dropScp, putScp, readScp, requireSshd } from './scp-access.ts';

export interface LetIn {
  readonly server: string;
  readonly transport: Transport;
  readonly fingerprint: string;
  readonly from?: string;
  /** Where its key writes to, which a spool that was moved has left behind. */
  readonly folder: string;
}

/** It takes milliseconds, but Ansible adds all servers at once. */
const LOCK_WAIT_MS = 30_000;

/** New files take the folder's group, so that the folder's group is all that tells who may write. */
const SERVER_FOLDER_MODE = 0o2770;

/** Lets a server in, or changes how; returns what was done, a line each. Throws when the key is another server's. */
export async function letIn(gate: Gate, wanted: WantedServer): Promise<readonly string[]> {
  return whileLocked(gate, async () => letInAlone(gate, await completed(gate, wanted)));
}

/** What was not said is as it was where the server keeps its key, and as for any server where it gets another. */
async function completed(gate: Gate, wanted: WantedServer): Promise<NewServer> {
  const { server, transport, key, from } = wanted;
  if (key !== undefined) return { transport: 'rsync', ...wanted, key };
  const kept = (await readServers(gate)).find((each) => each.server === server);
  if (kept?.key === undefined) {
    const hint = `banspool server add ${server} --key FILE.pub`;
    throw new BanspoolError('usage', `"${server}" has no key yet`, { hint });
  }
  const keptFrom = from ?? (kept.from === undefined ? undefined : readableFrom(server, kept.from));
  return {
    ...{ server, transport: transport ?? kept.transport, key: kept.key },
    ...(keptFrom !== undefined && { from: keptFrom }),
  };
}

/** What was written by hand, as sshd takes it. */
function readableFrom(server: string, list: string): string {
  const parsed = parseFromList(list);
  if (parsed.kind === 'list') return parsed.text;
  throw new BanspoolError('usage', `the key of ${server} has from="${list}": ${parsed.reason}`, {
    hint: `banspool server add ${server} --from ADDRESSES`,
  });
}

async function letInAlone(gate: Gate, added: NewServer): Promise<readonly string[]> {
  const { server, transport, key } = added;
  const known = await listLetIn(gate);
  const owner = known.find((each) => each.server !== server && each.fingerprint === fingerprintOf(key));
  if (owner !== undefined) {
    const hint = `create another key for ${server}: each server needs its own key`;
    throw new BanspoolError('usage', `this key already belongs to ${owner.server}`, { hint });
  }
  // sshd takes the first line that a key stands in, and whatever that allows.
  if (foreignKeyLines(await readKeys(gate)).some((line) => line.includes(key.base64))) {
    throw new BanspoolError('usage', 'a line that banspool did not write already allows this key', {
      hint: `remove that line from the keys of ${KEY_ACCOUNT.name} first, or create another key for ${server}`,
    });
  }
  // What sshd would not start with, or a missing sshd, is no reason to leave half of this behind.
  if (transport === 'scp') await requireSshd(gate);
  const done: string[] = [];
  const replaced = known.find((each) => each.server === server && each.fingerprint !== fingerprintOf(key));
  if (replaced !== undefined) done.push(`key ${replaced.fingerprint} of ${server} replaced`);
  const controller = await ensureAccount(gate, CONTROLLER, done);
  const writer = await ensureAccount(gate, accountFor(server, transport), done);
  gate.owned.makeFolder(gate.config.spool, ROOT);
  const folder = join(gate.config.spool, server);
  const ownership = { uid: controller.uid, gid: writer.gid, mode: SERVER_FOLDER_MODE };
  if (!isSame(gate.owned.look(folder), ownership)) {
    gate.owned.makeFolder(folder, ownership);
    done.push(`${folder}: ${controller.name} reads, ${writer.name} writes`);
  }
  // Not both ways at once: what is taken away below must not still stand on the other side.
  if (transport === 'rsync') {
    await dropScp(gate, server, done);
    await putKey(gate, added, done);
  } else {
    await dropKey(gate, server, done);
    await putScp(gate, added, done);
  }
  return done;
}

/** Who is let in, by name. */
export async function listLetIn(gate: Gate): Promise<readonly LetIn[]> {
  return (await readServers(gate)).map(({ server, transport, folder, key, from }) => ({
    ...{ server, transport, fingerprint: key === undefined ? 'no key' : fingerprintOf(key) },
    ...(from !== undefined && { from }),
    folder,
  }));
}

/** As the files of keys tell, by name; the key of an scp account may be gone. */
interface KnownServer extends Omit<LetIn, 'fingerprint'> {
  readonly key?: PublicKey;
}

async function readServers(gate: Gate): Promise<readonly KnownServer[]> {
  const byRsync = parseServerKeys(await readKeys(gate)).map((key): KnownServer => ({
    transport: 'rsync',
    ...key,
  }));
  const byScp: KnownServer[] = [];
  for (const { server, spool, keysFile } of readScp(gate)) {
    const found = parseScpKey(gate.owned.read(keysFile) ?? '');
    byScp.push({ server, transport: 'scp', folder: join(spool, server), ...found });
  }
  return [...byRsync, ...byScp].sort((a, b) => (a.server < b.server ? -1 : 1));
}

/** Takes a server's key away, and its folder when nothing waits there; returns what was done, a line each. */
export async function shutOut(gate: Gate, server: string): Promise<readonly string[]> {
  return whileLocked(gate, () => shutOutAlone(gate, server));
}

async function shutOutAlone(gate: Gate, server: string): Promise<readonly string[]> {
  const done: string[] = [];
  await dropKey(gate, server, done);
  await dropScp(gate, server, done);
  if (done.length === 0) {
    throw new BanspoolError('usage', `no key belongs to "${server}"`, {
      hint: 'banspool server list shows the allowed servers',
    });
  }
  const folder = join(gate.config.spool, server);
  done.push(
    gate.owned.removeEmptyFolder(folder) ? `${folder} removed` : `${folder} kept: it still contains intents`,
  );
  return done;
}

/** Files of all servers are read, changed and written: two at once would lose one's change. */
async function whileLocked<T>(gate: Gate, act: () => Promise<T>): Promise<T> {
  gate.owned.makeFolder(KEY_ACCOUNT.home, ROOT);
  const lock = await gate.takeLock(join(KEY_ACCOUNT.home, 'keys'), LOCK_WAIT_MS);
  try {
    return await act();
  } finally {
    await lock.release();
  }
}
