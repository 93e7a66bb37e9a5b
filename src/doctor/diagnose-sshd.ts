/** What sshd would do with the logins of servers, and what keeps them out. */
import { parseFromList } from '../access/from-list.ts';
import { scpAccountOf } from '../access/scp-account.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { penaltyFindings, type Settings } from './diagnose-penalties.ts';
import type { Finding } from '../domain/finding.ts';
import { accountFor, type Gate } from '../access/gate.ts';
import type { LetIn } from '../access/let-in.ts';

/** sshd itself says what it would do with such a login (sshd(8), -T and -C); only root may ask. */
export async function sshdFindings(gate: Gate, servers: readonly LetIn[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const accounts = new Map(
    servers.map(({ server, transport }) => [accountFor(server, transport).name, { server, transport }]),
  );
  let asked: Settings = new Map();
  for (const [name, { server, transport }] of accounts) {
    const settings = await sshdSettings(gate, name);
    if ('reason' in settings) {
      return [silenceFinding(gate, settings)];
    }
    asked = settings;
    const mend = `sshd -T -C user=${name},host=x,addr=192.0.2.1 shows the settings of sshd`;
    if (settings.get('pubkeyauthentication') !== 'yes') {
      findings.push({ level: 'bad', what: `sshd does not accept keys (PubkeyAuthentication)`, mend });
    }
    findings.push(...methodFindings(name, settings), ...(await refusalFindings(gate, name, settings)));
    if (transport === 'rsync') findings.push(...overrideFindings(name, settings));
    const keysFiles = words(settings, 'authorizedkeysfile');
    if (transport === 'rsync' && !keysFiles.some((each) => /^(%h\/)?\.ssh\/authorized_keys$/.test(each))) {
      const what = `sshd does not read .ssh/authorized_keys of ${name}`;
      findings.push({ level: 'bad', what, mend: `AuthorizedKeysFile: ${mend}` });
    }
    if (
      transport === 'scp' &&
      !(settings.get('forcecommand') ?? '').startsWith(`internal-sftp -d /${server} `)
    ) {
      const what = `sshd does not limit ${scpAccountOf(server)} to sftp in its folder`;
      findings.push({
        level: 'bad',
        what,
        mend: 'include /etc/ssh/sshd_config.d/*.conf in sshd_config, then run banspool server add NAME --scp',
      });
    }
  }
  findings.push(...nameFindings(asked, servers), ...penaltyFindings(asked, servers));
  return findings.length > 0 ? findings : [{ level: 'good', what: 'sshd allows these accounts' }];
}

/** sshd knows its clients by name only where it asks a resolver, which is not its default. */
function nameFindings(settings: Settings, servers: readonly LetIn[]): readonly Finding[] {
  if (settings.get('usedns') !== 'no') return [];
  return servers.flatMap(({ server, from }): readonly Finding[] => {
    const parsed = from === undefined ? undefined : parseFromList(from);
    if (parsed?.kind !== 'list' || !parsed.needsNames) return [];
    const what = `${server}: its key has from="${parsed.text}", but sshd does not resolve names (UseDNS no): it cannot connect`;
    return [{ level: 'bad', what, mend: `banspool server add ${server} --from ADDRESSES` }];
  });
}

/** Why sshd says nothing; to others than root it never does. */
function silenceFinding({ isRoot }: Gate, { isMissing, reason }: Silence): Finding {
  if (isMissing)
    return { level: 'bad', what: `${reason}: no server can connect`, mend: 'apt install openssh-server' };
  const what = `sshd does not show its settings: ${reason}`;
  return isRoot()
    ? { level: 'bad', what, mend: 'sshd -t' }
    : { level: 'warn', what, mend: 'run doctor as root' };
}

/** A key alone must do: servers have nothing else (sshd_config(5), AuthenticationMethods). */
function methodFindings(name: string, settings: Settings): readonly Finding[] {
  const methods = words(settings, 'authenticationmethods');
  if (methods.length === 0 || methods.includes('any') || methods.includes('publickey')) return [];
  const what = `sshd requires more than a key from ${name}: AuthenticationMethods ${methods.join(' ')}`;
  return [{ level: 'bad', what, mend: matchMend(name, 'AuthenticationMethods publickey') }];
}

/** What beats the command of a key, or takes the spool out of its sight. */
function overrideFindings(name: string, settings: Settings): readonly Finding[] {
  return ['ForceCommand', 'ChrootDirectory'].flatMap((option): readonly Finding[] => {
    const value = settings.get(option.toLowerCase()) ?? 'none';
    if (value === 'none') return [];
    const what = `sshd does not run the forced command of keys as ${name}: ${option} ${value}`;
    return [{ level: 'bad', what, mend: matchMend(name, `${option} none`) }];
  });
}

/** Of blocks that match the same account the first one counts, and it beats what stands outside of all. */
function matchMend(name: string, line: string): string {
  return `add to sshd_config, before other Match blocks: Match User ${name}, and below it ${line}`;
}

/** What keeps an account out whatever its key: sshd_config(5), AllowUsers and what stands beside it. */
async function refusalFindings({ run }: Gate, name: string, settings: Settings): Promise<readonly Finding[]> {
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
      `sshd allows only these users, not ${name}: ${allowUsers.join(' ')}`,
      `add ${name} to AllowUsers in sshd_config`,
    );
  }
  if (denyUsers.some((pattern) => !pattern.includes('@') && isUser(pattern))) {
    refuse(
      `sshd refuses ${name}: DenyUsers ${denyUsers.join(' ')}`,
      `remove ${name} from DenyUsers in sshd_config`,
    );
  }
  if (allowGroups.length > 0 && !allowGroups.some(isGroup)) {
    const what = `sshd allows only these groups, and ${name} is in none of them: ${allowGroups.join(' ')}`;
    refuse(what, `add ${groups[0] ?? name} to AllowGroups in sshd_config`);
  }
  if (denyGroups.some(isGroup)) {
    refuse(`sshd refuses ${name}: DenyGroups ${denyGroups.join(' ')}`, 'change DenyGroups in sshd_config');
  }
  // Without PAM sshd lets no account in whose password is locked, as that of a new account is.
  if (settings.get('usepam') === 'no' && /^\S+ L/.test((await run('passwd', ['--status', name])).stdout)) {
    refuse(
      `sshd does not use PAM (UsePAM no) and refuses ${name}, whose password is locked`,
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

const words = (settings: Settings, key: string): readonly string[] =>
  (settings.get(key) ?? '').split(' ').filter((word) => word !== '');

/** Why there are none. */
interface Silence {
  readonly reason: string;
  readonly isMissing: boolean;
}

async function sshdSettings({ run }: Gate, user: string): Promise<Settings | Silence> {
  try {
    const { exitCode, stdout, stderr } = await run('sshd', [
      '-T',
      '-C',
      `user=${user},host=x,addr=192.0.2.1`,
    ]);
    if (exitCode !== 0) return { reason: stderr.trim().split('\n')[0] ?? '', isMissing: false };
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
    const isMissing = error instanceof BanspoolError && error.code === 'command-missing';
    return { reason: messageOf(error), isMissing };
  }
}
