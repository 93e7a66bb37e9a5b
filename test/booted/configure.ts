/** What makes one of the machines out of the Debian that all begin as. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ADDRESSES, ADDRESSES6, type MachineName } from './network.ts';

const NETWORKD = 'systemd-networkd.service';

/** Writes a name, an address, a way out, and the names of the others into the files at `root`. */
export function configure(name: MachineName, root: string): void {
  const write = (path: string, ...lines: readonly string[]): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), [...lines, ''].join('\n'));
  };
  const { firewall, web1, web2, fw1, fw2 } = ADDRESSES;
  write('etc/hostname', name);
  write('etc/machine-id');
  write(
    'etc/hosts',
    '127.0.0.1 localhost',
    ...[`${firewall} firewall`, `${web1} web1`, `${web2} web2`],
    ...[`${fw1} fw1 hub.example`, `${fw2} fw2`],
  );
  write('etc/systemd/network/10-host0.network', '[Match]', 'Name=host0', '[Network]', ...networkLines(name));
  // Both nets are on one bridge: nobody is to be told of a shorter way.
  write(
    'etc/sysctl.d/90-no-redirects.conf',
    ...['all', 'default', 'host0'].map((each) => `-net.ipv4.conf.${each}.send_redirects=0`),
  );
  // Of a single interface the kernel knows no forwarding of IPv6.
  if (name === 'firewall')
    write('etc/systemd/networkd.conf.d/forwarding.conf', '[Network]', 'IPv6Forwarding=yes');
  // fail2ban tells times in its own zone.
  if (name === 'web2') {
    rmSync(join(root, 'etc/localtime'), { force: true });
    symlinkSync('/usr/share/zoneinfo/Asia/Kolkata', join(root, 'etc/localtime'));
  }
  // Who types apt install also types yes.
  write('etc/apt/apt.conf.d/90-yes', 'APT::Get::Assume-Yes "true";');
  const wants = join(root, 'etc/systemd/system/multi-user.target.wants');
  mkdirSync(wants, { recursive: true });
  symlinkSync(join('/usr/lib/systemd/system', NETWORKD), join(wants, NETWORKD));
}

function networkLines(name: MachineName): readonly string[] {
  const own = [`Address=${ADDRESSES[name]}/24`, `Address=${ADDRESSES6[name]}/64`, 'IPv6AcceptRA=no'];
  if (name === 'fw2') return [...own, `Address=${ADDRESSES.outside2}/24`];
  if (name === 'web1' || name === 'web2')
    return [...own, `Gateway=${ADDRESSES.firewall}`, `Gateway=${ADDRESSES6.firewall}`];
  const outside = [`Address=${ADDRESSES.outside}/24`, `Address=${ADDRESSES6.outside}/64`];
  // The second is what Debian 12 calls the first.
  return [...own, ...outside, 'IPv4Forwarding=yes', 'IPForward=yes'];
}
