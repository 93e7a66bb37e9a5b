/** What only this machine knows: its addresses and its names of ports. */
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';

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

/** Whether this process may do everything. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** All of standard input. Not by way of /dev/stdin, which cannot be opened where it is a socket. */
export function standardInput(): string {
  return readFileSync(0, 'utf8');
}

/** Who commits, as git has it. */
export function committer(): { readonly name: string; readonly email: string } {
  return { name: 'banspool', email: `banspool@${hostname()}` };
}
