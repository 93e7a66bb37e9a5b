/** The command lines of ssh to the hub. */
import { join } from 'node:path';
import type { FleetConfig } from '../../config/config.ts';

interface Remote {
  /** Undefined: a folder on this machine. */
  readonly host: string | undefined;
  readonly port: string | undefined;
}

/** `ssh://hub@firewall:22/srv/fleet.git`, `hub@firewall:/srv/fleet.git`, `/srv/fleet.git`. */
export function remoteOf(url: string): Remote {
  const [, user = '', bracketed, name, port] =
    /^ssh:\/\/([^/:@]+@)?(?:\[([^\]]+)\]|([^/:@[\]]+))(?::(\d+))?\//.exec(url) ??
    /^([^/:@]+@)()([^/:@]+):/.exec(url) ??
    [];
  // ssh(1) takes an IPv6 address without brackets.
  const host = name ?? bracketed;
  return { host: host === undefined ? undefined : `${user}${host}`, port };
}

/**
 * Options for each ssh to the hub. ssh detects a lost connection after 10 s. It accepts the first host key of the hub:
 * the files that the hub sends are signed by the firewalls that published them.
 */
function sshOptions({ folder, identity }: Pick<FleetConfig, 'folder' | 'identity'>): readonly string[] {
  const settings = {
    BatchMode: 'yes',
    ConnectTimeout: '5',
    ServerAliveInterval: '5',
    ServerAliveCountMax: '2',
    StrictHostKeyChecking: 'accept-new',
    UserKnownHostsFile: pathOf(join(folder, 'mover/known_hosts')),
    IdentitiesOnly: 'yes',
    IdentityFile: pathOf(identity),
    ControlPath: pathOf(join(folder, 'mover'), 'ssh.%C'),
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

/**
 * The path as ssh_config(5) requires it: quoted, because a blank ends a word, and with %%, because % begins a token.
 */
function pathOf(path: string, name?: string): string {
  const whole = path.replaceAll('%', '%%') + (name === undefined ? '' : `/${name}`);
  return /[\s"'\\]/.test(whole) ? `"${whole.replace(/["\\]/g, String.raw`\$&`)}"` : whole;
}

/** For git: it uses the connection of the bell if it is open, and opens its own otherwise. */
export function gitSshCommand(fleet: Pick<FleetConfig, 'folder' | 'identity'>): string {
  return ['ssh', '-F', 'none', ...sshOptions(fleet), '-o', 'ControlMaster=no'].map(quoted).join(' ');
}

/** The bell: a connection that stays open, over which the hub sends a line for each push. */
export function bellWords(
  fleet: Pick<FleetConfig, 'folder' | 'identity'>,
  { host, port }: Remote,
): readonly string[] {
  const target = [...(port === undefined ? [] : ['-p', port]), host ?? ''];
  return ['-F', 'none', ...sshOptions(fleet), '-o', 'ControlMaster=yes', '-T', ...target, 'bell'];
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
