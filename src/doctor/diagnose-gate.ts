/** Looks at how servers get in, as sshd and a server's key would meet it, and names a mend for what is in the way. */
import { join } from 'node:path';
import { foreignKeyLines, parseServerKeys } from '../access/authorized-keys.ts';
import { parseFromList } from '../access/from-list.ts';
import { countText } from '../domain/words.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { sshdFindings } from './diagnose-sshd.ts';
import type { Finding } from '../domain/finding.ts';
import { accountFor, CONTROLLER, KEY_ACCOUNT, type Gate } from '../access/gate.ts';
import { listLetIn, type LetIn } from '../access/let-in.ts';
import { keysPath } from '../access/rsync-access.ts';

/** What there is to say of the keys; nothing where no server was ever let in by `banspool server add`. */
export async function diagnoseGate(gate: Gate): Promise<readonly Finding[]> {
  let servers: readonly LetIn[];
  try {
    servers = await listLetIn(gate);
  } catch (error) {
    const hint = error instanceof BanspoolError ? error.hint : undefined;
    const mend = gate.isRoot() ? (hint ?? 'make them readable by root') : 'run doctor as root';
    return [{ level: gate.isRoot() ? 'bad' : 'warn', what: `keys of servers: ${messageOf(error)}`, mend }];
  }
  if (servers.length === 0) {
    const mend = 'banspool server add NAME --key FILE.pub';
    return [{ level: 'warn', what: 'no server has a key', mend }];
  }
  const folders: Finding[] = [];
  for (const server of servers) folders.push(fromFinding(server) ?? (await folderFinding(gate, server)));
  const byRsync = servers.some(({ transport }) => transport === 'rsync');
  return [
    ...(byRsync ? [...(await rrsyncFindings(gate)), ...(await keyFindings(gate))] : []),
    ...spoolFindings(gate),
    ...(await entryFindings(gate, servers)),
    ...folders,
    ...(await sshdFindings(gate, servers)),
  ];
}

/** rrsync is a Python script that Debian's rsync brings without Python. */
async function rrsyncFindings(gate: Gate): Promise<readonly Finding[]> {
  try {
    const { exitCode, stdout, stderr } = await gate.run('rrsync', ['-help']);
    const text = stdout + stderr;
    const options = ['-wo', '-no-del', '-no-lock', '-munge'].filter((option) => !text.includes(option));
    if (exitCode === 0 && options.length === 0) return [{ level: 'good', what: 'rrsync runs' }];
    const what = exitCode === 0 ? `rrsync lacks ${options.join(', ')}` : `rrsync: ${text.trim()}`;
    return [{ level: 'bad', what, mend: 'apt install rsync python3 (rsync 3.2.7 or later)' }];
  } catch (error) {
    return [{ level: 'bad', what: messageOf(error), mend: 'apt install rsync python3' }];
  }
}

async function keyFindings(gate: Gate): Promise<readonly Finding[]> {
  const account = await gate.accounts.find(KEY_ACCOUNT.name);
  // Its keys could not have been found then.
  if (account === undefined) return [];
  const path = keysPath(account.home);
  const text = gate.owned.read(path) ?? '';
  const findings: Finding[] = [];
  if (/\/(nologin|false)$/.test(account.shell)) {
    const mend = `usermod --shell ${KEY_ACCOUNT.shell} ${account.name}`;
    findings.push({
      level: 'bad',
      what: `${account.name} has the shell ${account.shell}, so no key can run a command`,
      mend,
    });
  }
  for (const each of [account.home, join(account.home, '.ssh'), path]) {
    const found = gate.owned.look(each);
    if (found === undefined || (found.uid === 0 && (found.mode & 0o022) === 0)) continue;
    const mend = `chown root: ${each}; chmod go-w ${each}`;
    findings.push({ level: 'bad', what: `${each} is writable by users other than root`, mend });
  }
  const keys = gate.owned.look(path);
  if (keys !== undefined && (keys.mode & 0o004) === 0) {
    const what = `${account.name} cannot read ${path}: no server can connect`;
    findings.push({ level: 'bad', what, mend: `chmod 644 ${path}` });
  }
  for (const line of foreignKeyLines(text)) {
    const what = `${path}: a line that banspool did not write allows a login: ${line.slice(0, 60)}…`;
    findings.push({ level: 'warn', what, mend: 'remove it, unless you know its purpose' });
  }
  const receivers = new Set(
    [...text.matchAll(/command="(\S+\/banspool-receive) /g)].map(([, found = '']) => found),
  );
  for (const receive of receivers) {
    if (gate.owned.look(receive) !== undefined) continue;
    const mend = 'run banspool server add NAME again for each server';
    findings.push({ level: 'bad', what: `the forced command ${receive} is missing`, mend });
  }
  if (findings.length > 0) return findings;
  return [
    {
      level: 'good',
      what: `${path}: ${countText(parseServerKeys(text).length, 'key')}, each limited to its folder`,
    },
  ];
}

/** Those who write have no right on the spool itself but this: what they write to stands below it. */
function spoolFindings({ config: { spool }, owned }: Gate): readonly Finding[] {
  const found = owned.look(spool);
  if (found === undefined || (found.mode & 0o001) !== 0) return [];
  const what = `the accounts that write below ${spool} cannot enter it: no file arrives`;
  return [{ level: 'bad', what, mend: `chmod 755 ${spool}` }];
}

/** sshd looks for a key as the account that logs in. */
async function entryFindings(gate: Gate, servers: readonly LetIn[]): Promise<readonly Finding[]> {
  const ways = new Set<string>();
  for (const { transport } of servers) {
    const home = transport === 'scp' ? KEY_ACCOUNT.home : (await gate.accounts.find(KEY_ACCOUNT.name))?.home;
    if (home !== undefined) ways.add(home).add(join(home, transport === 'scp' ? 'scp' : '.ssh'));
  }
  return [...ways].flatMap((folder): readonly Finding[] => {
    const found = gate.owned.look(folder);
    if (found === undefined || (found.mode & 0o001) !== 0) return [];
    const what = `sshd, which reads keys as the account of each server, cannot enter ${folder}: no server can connect`;
    return [{ level: 'bad', what, mend: `chmod 755 ${folder}` }];
  });
}

/** One network that sshd cannot read in `from=`, and the key is good from nowhere. */
function fromFinding({ server, from }: LetIn): Finding | undefined {
  if (from === undefined) return undefined;
  const parsed = parseFromList(from);
  const mend = `banspool server add ${server} --from`;
  if (parsed.kind === 'bad') {
    const what = `${server}: its key has from="${from}": ${parsed.reason}`;
    return { level: 'bad', what, mend: `${mend} ADDRESSES` };
  }
  if (parsed.misread === undefined) return undefined;
  const what = `${server}: its key has from="${from}", but sshd does not read "${parsed.misread}" as a network`;
  return { level: 'bad', what, mend: `${mend} '${parsed.text}'` };
}

async function folderFinding(gate: Gate, { server, transport, folder: written }: LetIn): Promise<Finding> {
  const folder = join(gate.config.spool, server);
  const mend = `banspool server add ${server}`;
  if (written !== folder) {
    const what = `${server}: its key writes to ${written}, but the controller reads ${folder}`;
    const reload = transport === 'scp' ? ' && systemctl reload ssh' : '';
    return { level: 'bad', what, mend: `${mend}${reload}` };
  }
  const [controller, writer] = await Promise.all([
    gate.accounts.find(CONTROLLER.name),
    gate.accounts.find(accountFor(server, transport).name),
  ]);
  const found = gate.owned.look(folder);
  if (found === undefined) return { level: 'bad', what: `${server}: ${folder} is missing`, mend };
  if (found.uid !== controller?.uid || found.gid !== writer?.gid || (found.mode & 0o777) !== 0o770) {
    const owner = `${CONTROLLER.name}:${accountFor(server, transport).name}, mode 2770`;
    return { level: 'bad', what: `${server}: ${folder} is not ${owner}`, mend };
  }
  return { level: 'good', what: `${server}: connects by ${transport}, and may write to ${folder}` };
}
