/** Looks at how servers get in, as sshd and a server's key would meet it, and names a mend for what is in the way. */
import { join } from 'node:path';
import { foreignKeyLines, parseServerKeys } from '../keys/authorized-keys.ts';
import { scpAccountOf } from '../keys/scp-account.ts';
import { countText } from '../report/words.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { Finding } from './finding.ts';
import { accountFor, CONTROLLER, keysPath, KEY_ACCOUNT, listLetIn, type Gate, type LetIn } from './let-in.ts';

/** What there is to say of the keys; nothing where no server was ever let in by `banspool server add`. */
export async function diagnoseGate(gate: Gate): Promise<readonly Finding[]> {
  let servers: readonly LetIn[];
  try {
    servers = await listLetIn(gate);
  } catch (error) {
    return [{ level: 'warn', what: `keys of servers: ${messageOf(error)}`, mend: 'run doctor as root' }];
  }
  if (servers.length === 0) {
    const mend = 'banspool server add NAME --key FILE.pub';
    return [{ level: 'warn', what: 'no key lets a server in', mend }];
  }
  const folders: Finding[] = [];
  for (const server of servers) folders.push(await folderFinding(gate, server));
  const byRsync = servers.some(({ transport }) => transport === 'rsync');
  return [
    ...(byRsync ? [...(await rrsyncFindings(gate)), ...(await keyFindings(gate))] : []),
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
    const what = exitCode === 0 ? `rrsync knows no ${options.join(', ')}` : `rrsync: ${text.trim()}`;
    return [{ level: 'bad', what, mend: 'apt install rsync python3 (rsync 3.2.7 or later)' }];
  } catch (error) {
    return [{ level: 'bad', what: messageOf(error), mend: 'apt install rsync python3' }];
  }
}

async function keyFindings(gate: Gate): Promise<readonly Finding[]> {
  const account = await gate.accounts.find(KEY_ACCOUNT.name);
  if (account === undefined) {
    return [
      { level: 'bad', what: `there is no account ${KEY_ACCOUNT.name}`, mend: 'banspool server add makes it' },
    ];
  }
  const path = keysPath(account.home);
  const text = (await gate.files.read(path)) ?? '';
  const findings: Finding[] = [];
  if (/\/(nologin|false)$/.test(account.shell)) {
    const mend = `usermod --shell ${KEY_ACCOUNT.shell} ${account.name}`;
    findings.push({
      level: 'bad',
      what: `${account.name} has the shell ${account.shell}, so no key runs anything`,
      mend,
    });
  }
  for (const each of [account.home, join(account.home, '.ssh'), path]) {
    const found = gate.owned.look(each);
    if (found === undefined || (found.uid === 0 && (found.mode & 0o022) === 0)) continue;
    const mend = `chown root: ${each}; chmod go-w ${each}`;
    findings.push({ level: 'bad', what: `${each} can be written by others than root`, mend });
  }
  const keys = gate.owned.look(path);
  if (keys !== undefined && (keys.mode & 0o004) === 0) {
    const what = `${path} cannot be read by ${account.name}, as whom sshd reads it: no server gets in`;
    findings.push({ level: 'bad', what, mend: `chmod 644 ${path}` });
  }
  for (const line of foreignKeyLines(text)) {
    const what = `${path}: a line that banspool did not write lets somebody in: ${line.slice(0, 60)}…`;
    findings.push({ level: 'warn', what, mend: 'take it out, unless you know what it is for' });
  }
  const receivers = new Set(
    [...text.matchAll(/command="(\S+\/banspool-receive) /g)].map(([, found = '']) => found),
  );
  for (const receive of receivers) {
    if (gate.owned.look(receive) !== undefined) continue;
    const mend = 'banspool server add once more for each server';
    findings.push({ level: 'bad', what: `${receive}, which keys run, is not there`, mend });
  }
  if (findings.length > 0) return findings;
  return [
    {
      level: 'good',
      what: `${path}: ${countText(parseServerKeys(text).length, 'key')}, each kept to its folder`,
    },
  ];
}

async function folderFinding(gate: Gate, { server, transport }: LetIn): Promise<Finding> {
  const folder = join(gate.config.spool, server);
  const [controller, writer] = await Promise.all([
    gate.accounts.find(CONTROLLER.name),
    gate.accounts.find(accountFor(server, transport).name),
  ]);
  const found = gate.owned.look(folder);
  const mend = `banspool server add ${server} --key FILE.pub, once more`;
  if (found === undefined) return { level: 'bad', what: `${server}: ${folder} is missing`, mend };
  if (found.uid !== controller?.uid || found.gid !== writer?.gid || (found.mode & 0o777) !== 0o770) {
    const owner = `${CONTROLLER.name}:${accountFor(server, transport).name}, mode 2770`;
    return { level: 'bad', what: `${server}: ${folder} is not ${owner}`, mend };
  }
  return { level: 'good', what: `${server}: gets in by ${transport}, and may write to ${folder}` };
}

/** sshd itself says what it would do with such a login (sshd(8), -T and -C); only root may ask. */
async function sshdFindings(gate: Gate, servers: readonly LetIn[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const accounts = new Map(
    servers.map(({ server, transport }) => [accountFor(server, transport).name, { server, transport }]),
  );
  for (const [name, { server, transport }] of accounts) {
    const settings = await sshdSettings(gate, name);
    if (typeof settings === 'string') {
      return [
        {
          level: 'warn',
          what: `sshd does not say what it would do: ${settings}`,
          mend: 'run doctor as root',
        },
      ];
    }
    const mend = `sshd -T -C user=${name},host=x,addr=192.0.2.1 shows what sshd does`;
    if (settings.get('pubkeyauthentication') !== 'yes') {
      findings.push({ level: 'bad', what: `sshd takes no keys (PubkeyAuthentication)`, mend });
    }
    findings.push(...(await refusalFindings(gate, name, settings)));
    const keysFiles = words(settings, 'authorizedkeysfile');
    if (transport === 'rsync' && !keysFiles.some((each) => /^(%h\/)?\.ssh\/authorized_keys$/.test(each))) {
      const what = `sshd does not read .ssh/authorized_keys of ${name}`;
      findings.push({ level: 'bad', what, mend: `AuthorizedKeysFile: ${mend}` });
    }
    if (
      transport === 'scp' &&
      !(settings.get('forcecommand') ?? '').startsWith(`internal-sftp -d /${server} `)
    ) {
      const what = `sshd does not keep ${scpAccountOf(server)} to sftp in its folder`;
      findings.push({
        level: 'bad',
        what,
        mend: 'does sshd_config include sshd_config.d? banspool server add --scp',
      });
    }
  }
  return findings.length > 0
    ? findings
    : [{ level: 'good', what: 'sshd lets these accounts in as it should' }];
}

/** What keeps an account out whatever its key: sshd_config(5), AllowUsers and what stands beside it. */
async function refusalFindings(
  { run }: Gate,
  name: string,
  settings: ReadonlyMap<string, string>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const refuse = (what: string, mend: string): void => {
    findings.push({ level: 'bad', what, mend });
  };
  const { stdout } = await run('id', ['-nG', name]);
  const groups = stdout.trim().split(' ');
  // Of USER@HOST only the user: which host a server comes from, nobody knows here.
  const isUser = (pattern: string): boolean => matches(pattern.split('@')[0] ?? '', name);
  const isGroup = (pattern: string): boolean => groups.some((group) => matches(pattern, group));
  const [allowUsers, denyUsers] = [words(settings, 'allowusers'), words(settings, 'denyusers')];
  const [allowGroups, denyGroups] = [words(settings, 'allowgroups'), words(settings, 'denygroups')];
  if (allowUsers.length > 0 && !allowUsers.some(isUser)) {
    refuse(
      `sshd lets only these users in, not ${name}: ${allowUsers.join(' ')}`,
      `AllowUsers ${name}, in sshd_config`,
    );
  }
  if (denyUsers.some((pattern) => !pattern.includes('@') && isUser(pattern))) {
    refuse(
      `sshd keeps ${name} out: DenyUsers ${denyUsers.join(' ')}`,
      `take ${name} out of DenyUsers in sshd_config`,
    );
  }
  if (allowGroups.length > 0 && !allowGroups.some(isGroup)) {
    const what = `sshd lets only these groups in, and ${name} is in none of them: ${allowGroups.join(' ')}`;
    refuse(what, `AllowGroups ${groups[0] ?? name}, in sshd_config`);
  }
  if (denyGroups.some(isGroup)) {
    refuse(`sshd keeps ${name} out: DenyGroups ${denyGroups.join(' ')}`, 'see to DenyGroups in sshd_config');
  }
  // Without PAM sshd lets no account in whose password is locked, as that of a new account is.
  if (settings.get('usepam') === 'no' && /^\S+ L/.test((await run('passwd', ['--status', name])).stdout)) {
    refuse(
      `sshd has no PAM (UsePAM no) and keeps ${name} out, whose password is locked`,
      `usermod --password '*' ${name}`,
    );
  }
  return findings;
}

/** As sshd's own: * and ?, and nothing else. */
function matches(pattern: string, name: string): boolean {
  const text = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}

const words = (settings: ReadonlyMap<string, string>, key: string): readonly string[] =>
  (settings.get(key) ?? '').split(' ').filter((word) => word !== '');

async function sshdSettings({ run }: Gate, user: string): Promise<ReadonlyMap<string, string> | string> {
  try {
    const { exitCode, stdout, stderr } = await run('sshd', [
      '-T',
      '-C',
      `user=${user},host=x,addr=192.0.2.1`,
    ]);
    if (exitCode !== 0) return stderr.trim().split('\n')[0] ?? '';
    const settings = new Map<string, string>();
    for (const line of stdout.split('\n')) {
      const at = line.indexOf(' ');
      const [key, value] = [line.slice(0, at), line.slice(at + 1)];
      // Of lists it prints each word in a line of its own.
      const before = settings.get(key);
      settings.set(key, before === undefined ? value : `${before} ${value}`);
    }
    return settings;
  } catch (error) {
    return error instanceof BanspoolError ? error.message : messageOf(error);
  }
}
