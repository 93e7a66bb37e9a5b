/**
 * What lets a server in that can only scp: an account of its own that sftp alone can be spoken with, in a root that
 * holds the spool and nothing else, and that may make files in its own folder and do nothing more.
 */
export interface ScpServer {
  readonly server: string;
  readonly spool: string;
  readonly keysFile: string;
}

/** Names of accounts have no dots, and 32 characters at the most (useradd(8)); servers' names have no underscores. */
export function scpAccountOf(server: string): string {
  return `${ACCOUNT_PREFIX}${server.replaceAll('.', '_')}`;
}

const ACCOUNT_PREFIX = 'banspool-';

/** The longest name of a server that an account can be called by. */
export const MAX_SCP_NAME = 32 - ACCOUNT_PREFIX.length;

/**
 * What scp asks of an sftp server to write a file (`sftp-server -Q requests` names all). No read, no list, no rename.
 */
const REQUESTS = 'open,close,write,stat,lstat,fstat,realpath,limits,expand-path';

/** The block in sshd's configuration. */
export function formatScpMatch({ server, spool, keysFile }: ScpServer): string {
  return [
    `Match User ${scpAccountOf(server)}`,
    `  ChrootDirectory ${spool}`,
    `  ForceCommand internal-sftp -d /${server} -u 022 -p ${REQUESTS}`,
    `  AuthorizedKeysFile ${keysFile}`,
    '  AuthenticationMethods publickey',
    '  DisableForwarding yes',
    '  PermitTTY no',
    '  PermitUserRC no',
    '',
  ].join('\n');
}

/** The servers that a file of such blocks lets in, in its order. */
export function parseScpMatches(text: string): readonly ScpServer[] {
  return text.split(/^(?=Match )/m).flatMap((block) => {
    const server = /^ {2}ForceCommand internal-sftp -d \/(\S+)/m.exec(block)?.[1];
    const spool = /^ {2}ChrootDirectory (\S+)$/m.exec(block)?.[1];
    const keysFile = /^ {2}AuthorizedKeysFile (\S+)$/m.exec(block)?.[1];
    return server === undefined || spool === undefined || keysFile === undefined
      ? []
      : { server, spool, keysFile };
  });
}

/** The whole file for these servers, and no other. */
export function formatScpFile(servers: readonly ScpServer[]): string {
  return `# Written by \`banspool server add\` and \`remove\`.\n${servers.map(formatScpMatch).join('')}`;
}

/** The largest file that such an account may write, for pam_limits (limits.conf(5)): an intent's 4 MiB, in KiB. */
export function formatScpLimits(servers: readonly ScpServer[]): string {
  return servers.map(({ server }) => `${scpAccountOf(server)} hard fsize 4096\n`).join('');
}
