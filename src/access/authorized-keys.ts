/**
 * The lines of authorized_keys that let servers in. Ours are known by their forced command; all others stay byte for
 * byte as they are.
 */
import { basename } from 'node:path';
import type { PublicKey } from '../domain/public-key.ts';
import { dropKeyLines, otherKeyLines, putKeyLine, type OwnerOfLine } from './key-lines.ts';

export interface ServerKey {
  readonly server: string;
  readonly key: PublicKey;
  /** The pattern list of `from=`; absent: from anywhere. */
  readonly from?: string;
}

/** A key as its line stands, with the folder that it writes to, wherever the spool is by now. */
interface PlacedKey extends ServerKey {
  readonly folder: string;
}

/** What sshd does with a key of ours: this program of ours, around rrsync, on that folder. */
export interface ForcedCommand {
  readonly receive: string;
  readonly rrsync: string;
  readonly folder: string;
}

/**
 * The line of one key. `restrict` shuts all that sshd offers beside the command, and what later versions will.
 * -munge makes a symbolic link that somebody sends lead nowhere.
 */
export function formatServerKey({ key, from, server }: ServerKey, command: ForcedCommand): string {
  const forced = `${command.receive} ${command.rrsync} ${RRSYNC_OPTIONS} ${command.folder}`;
  const options = ['restrict', ...(from === undefined ? [] : [`from="${from}"`]), `command="${forced}"`];
  return `${options.join(',')} ${key.type} ${key.base64} ${server}`;
}

const RRSYNC_OPTIONS = '-wo -no-del -no-lock -munge';

/** The keys of ours in the text of an authorized_keys file, in its order. */
export function parseServerKeys(text: string): readonly PlacedKey[] {
  return text.split('\n').flatMap((line) => parseServerKey(line) ?? []);
}

/** The text with this line as the only one of its server. */
export function putServerKey(text: string, server: string, line: string): string {
  return putKeyLine(text, { name: server, line }, serverOfLine);
}

/** The text without the lines of this server. */
export function dropServerKeys(text: string, server: string): string {
  return dropKeyLines(text, server, serverOfLine);
}

/** Lines that let somebody in and are not ours: whatever they allow, banspool did not. */
export function foreignKeyLines(text: string): readonly string[] {
  return otherKeyLines(text, serverOfLine);
}

const serverOfLine: OwnerOfLine = (line) => parseServerKey(line)?.server;

/** The line of a key that sshd's configuration already keeps to sftp. */
export function formatScpKey({ key, from, server }: ServerKey): string {
  return `restrict${from === undefined ? '' : `,from="${from}"`} ${key.type} ${key.base64} ${server}`;
}

/** The key in a file with such a line. */
export function parseScpKey(text: string): Omit<ServerKey, 'server'> | undefined {
  const match = /^restrict(?:,from="([^"]*)")? (\S+) (\S+)/.exec(text);
  if (match === null) return undefined;
  const [, from, type = '', base64 = ''] = match;
  return { key: { type, base64 }, ...(from !== undefined && { from }) };
}

const LINE = new RegExp(
  `^restrict,(?:from="([^"]*)",)?command="\\S*/banspool-receive \\S+ ${RRSYNC_OPTIONS} (/[^" ]+)" (\\S+) (\\S+)`,
);

function parseServerKey(line: string): PlacedKey | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [, from, folder = '', type = '', base64 = ''] = match;
  return { server: basename(folder), folder, key: { type, base64 }, ...(from !== undefined && { from }) };
}
