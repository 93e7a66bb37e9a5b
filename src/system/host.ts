/** What only this machine knows: its addresses and its names of ports. */
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { errnoOf } from './error.ts';

/** Addresses of the interfaces that are up; IPv6 zones are left off. */
export function ownAddresses(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.map(({ address }) => address.split('%')[0] ?? address);
}

/** The text of /etc/services, or none. */
export function servicesText(): string {
  try {
    return readFileSync('/etc/services', 'utf8');
  } catch {
    return '';
  }
}

/** Milliseconds since the boot, by the clock that nobody sets. */
export function steady(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** Whether this process may do everything. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** All of standard input. Not by way of /dev/stdin, which cannot be opened where it is a socket. */
export function standardInput(): string {
  return readFileSync(0, 'utf8');
}

/** What a person named, be it a pipe as of `<(…)`; undefined where there is no such file. */
export async function readGiven(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file that a person named: in place, since it may be a pipe or a device. */
export async function writeGiven(path: string, text: string): Promise<void> {
  await writeFile(path, text);
}

/** The name of this machine, with its domain where it is set so. */
export function hostName(): string {
  return hostname();
}

/** Who commits, as git has it. */
export function committer(): { readonly name: string; readonly email: string } {
  return { name: 'banspool', email: `banspool@${hostname()}` };
}
