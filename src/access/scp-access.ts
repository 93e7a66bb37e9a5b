/** Access by scp: an account for each server, which sshd keeps to sftp in its folder. */
import { join } from 'node:path';
import { formatScpKey } from './authorized-keys.ts';
import { fingerprintOf } from '../domain/public-key.ts';
import {
  formatScpFile,
  formatScpLimits,
  parseScpMatches,
  scpAccountOf,
  type ScpServer,
} from './scp-account.ts';
import { BanspoolError } from '../system/error.ts';
import { closeSessions, KEY_ACCOUNT, KEYS_FILE, ROOT, type Gate, type NewServer } from './gate.ts';

const SSHD_FILE = '/etc/ssh/sshd_config.d/banspool.conf';
const LIMITS_FILE = '/etc/security/limits.d/banspool.conf';

/** The servers that have it. */
export function readScp({ owned }: Gate): readonly ScpServer[] {
  return parseScpMatches(owned.read(SSHD_FILE) ?? '');
}

/** Lets the server in by this key, in an account of its own that is there. */
export async function putScp(gate: Gate, { server, key, from }: NewServer, done: string[]): Promise<void> {
  const folder = join(KEY_ACCOUNT.home, 'scp');
  gate.owned.makeFolder(KEY_ACCOUNT.home, ROOT);
  gate.owned.makeFolder(folder, ROOT);
  const keysFile = join(folder, server);
  const line = `${formatScpKey({ server, key, ...(from !== undefined && { from }) })}\n`;
  const before = gate.owned.read(keysFile);
  if (before !== line) {
    gate.owned.write(keysFile, line, KEYS_FILE);
    done.push(`${keysFile}: ${fingerprintOf(key)}`);
  }
  const servers = readScp(gate);
  const others = servers.filter((each) => each.server !== server);
  const known = servers.find((each) => each.server === server);
  const { spool } = gate.config;
  await writeScp(gate, [...others, { server, spool, keysFile }], done);
  // A connection that stands has the old key's right, and the old spool for its root.
  const isReplaced = before !== undefined && before !== line;
  if (isReplaced || (known !== undefined && known.spool !== spool))
    await closeSessions(gate, scpAccountOf(server), done);
}

/** Takes the account of the server away, if it has one. */
export async function dropScp(gate: Gate, server: string, done: string[]): Promise<void> {
  const servers = readScp(gate);
  const dropped = servers.find((each) => each.server === server);
  if (dropped === undefined) return;
  await writeScp(
    gate,
    servers.filter((each) => each !== dropped),
    done,
  );
  gate.owned.remove(dropped.keysFile);
  await closeSessions(gate, scpAccountOf(server), done);
  await gate.accounts.remove(scpAccountOf(server));
  done.push(`account ${scpAccountOf(server)} removed`);
}

/** Throws where sshd would not start, or is not installed. */
export async function requireSshd(gate: Gate): Promise<void> {
  const complaint = await sshdComplaint(gate);
  if (complaint === undefined) return;
  throw new BanspoolError(
    'command-failed',
    `sshd cannot start with its current configuration: ${complaint}`,
    {
      hint: 'correct it, check it with sshd -t, and run this command again',
    },
  );
}

/** A mistake in sshd's configuration would lock everybody out at its next start: sshd looks at it first. */
async function writeScp(gate: Gate, servers: readonly ScpServer[], done: string[]): Promise<void> {
  const before = gate.owned.read(SSHD_FILE);
  const text = formatScpFile(servers);
  if (before === text) return;
  gate.owned.write(LIMITS_FILE, formatScpLimits(servers), KEYS_FILE);
  gate.owned.write(SSHD_FILE, text, KEYS_FILE);
  const complaint = await sshdComplaint(gate);
  if (complaint !== undefined) {
    if (before === undefined) gate.owned.remove(SSHD_FILE);
    else gate.owned.write(SSHD_FILE, before, KEYS_FILE);
    throw new BanspoolError('command-failed', `sshd cannot start with ${SSHD_FILE}: ${complaint}`, {
      hint: 'the file was restored; correct the error that sshd reports, and run this command again',
    });
  }
  done.push(`${SSHD_FILE} written; to apply it, run: systemctl reload ssh`);
}

/** What sshd has against its configuration; undefined when it is content. */
async function sshdComplaint({ run }: Gate): Promise<string | undefined> {
  const { exitCode, stderr } = await run('sshd', ['-t']);
  return exitCode === 0 ? undefined : stderr.trim();
}
