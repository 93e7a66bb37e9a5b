/** Whom a process's TCP connections lead to, by /proc: needs no program, and root's rights for what is another's. */
import * as fs from 'node:fs';
import { orElse } from './or-else.ts';

/** Addresses of the established connections that the process holds, as text; none where that cannot be seen. */
export function tcpPeersOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  const names = orElse(() => fs.readdirSync(folder), []);
  const links = names.map((name) => orElse(() => fs.readlinkSync(`${folder}/${name}`), ''));
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  if (inodes.size === 0) return [];
  // The tables of its network namespace, which need not be ours.
  return ['tcp', 'tcp6'].flatMap((table) =>
    peersIn(
      orElse(() => fs.readFileSync(`/proc/${pid}/net/${table}`, 'utf8'), ''),
      inodes,
    ),
  );
}

const ESTABLISHED = '01';

/** Of a table as /proc/net/tcp has it (Linux, Documentation/networking/proc_net_tcp.rst). */
export function peersIn(table: string, inodes: ReadonlySet<string>): readonly string[] {
  return table.split('\n').flatMap((line) => {
    const [, , remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
    return state === ESTABLISHED && inodes.has(inode) ? [addressOf(remote)] : [];
  });
}

/** `0771CBC6:D431`: words of 32 bits in the order of the machine, which is little endian wherever Node runs. */
function addressOf(remote: string): string {
  const bytes = (remote.split(':')[0] ?? '').replace(/(..)(..)(..)(..)/g, '$4$3$2$1').toLowerCase();
  if (bytes.length === 8) return (bytes.match(/../g) ?? []).map((byte) => parseInt(byte, 16)).join('.');
  return (bytes.match(/.{4}/g) ?? []).join(':');
}
