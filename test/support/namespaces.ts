/**
 * Network and mount namespaces of one's own: the firewall in there is no one else's, `/run` and the folder of
 * temporary files are empty and gone with it, and every other file of the machine can only be read: no test, and no
 * program that a test breaks, can hurt the machine. Root makes them as it is; anyone else gets a user namespace
 * around them, in which they are root.
 */
import { readFileSync, readlinkSync } from 'node:fs';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Names the network namespace outside, so that what runs inside can prove that it is not there. */
const OUTER_NETWORK = 'BANSPOOL_OUTER_NETWORK';

/** Where temporary files go: another file system than /run, since some of what is tested moves files between two. */
const TEMPORARY = '/run/tmp';

/**
 * The first word is how many of the words after it are folders that stay writable; the rest is the command. /proc stays
 * as it is: what is set there belongs to the namespaces. A mount that another one hides is out of reach, and so are
 * files below it. Perl, which each Debian has, makes all mounts read-only in the time that mount(8) takes for two.
 * The tmpfs on /run is for the locks and the namespaces of `ip netns`; iptables-legacy too keeps its lock there.
 */
const ENTER = String.raw`
use strict;
use filetest 'access';
# The same on all architectures but alpha: see mount_setattr(2).
my ($MOUNT_SETATTR, $AT_FDCWD, $MOUNT_ATTR_RDONLY) = (442, -100, 1);
my @writable = splice @ARGV, 0, shift @ARGV;
system('mount', '--bind', $_, $_) == 0 or exit 1 for @writable;
open my $mounts, '<', '/proc/self/mountinfo' or die "mountinfo: $!\n";
for (<$mounts>) {
  my $target = (split)[4];
  $target =~ s/\\([0-7]{3})/chr oct $1/ge;
  next if $target =~ m{^/proc(/|$)} or grep { $_ eq $target } @writable;
  my $attributes = pack 'Q4', $MOUNT_ATTR_RDONLY, 0, 0, 0;
  syscall($MOUNT_SETATTR, $AT_FDCWD, $target, 0, $attributes, length $attributes) == 0 or !-w $target
    or die "$target: $!\n";
}
close $mounts;
system('sh', '-ec', shift @ARGV) == 0 or exit 1;
exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\n";
`;

const MAKE_TEMPORARY = `
mount -t tmpfs tmpfs /run
mkdir ${TEMPORARY}
mount -t tmpfs -o mode=1777 tmpfs ${TEMPORARY}
ip link set lo up
`;

/**
 * A command that runs `argv` in fresh namespaces, where of the machine's files those in `writable` alone can be
 * written. They end with it: it dies with the process that started it, and what runs inside dies with it.
 */
export function inNamespaces(argv: readonly string[], writable: readonly string[] = []): Command {
  const asRoot = process.getuid?.() === 0;
  return {
    file: 'setpriv',
    args: [
      ...['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--fork', '--kill-child'],
      ...(asRoot ? [] : ['--user', '--map-root-user']),
      ...['--', 'perl', '-e', ENTER, String(writable.length), ...writable, MAKE_TEMPORARY, ...argv],
    ],
    env: {
      ...process.env,
      // As the outputs in transcripts and pages have it.
      TZ: 'UTC',
      // Debian's ordinary users have no sbin, where ip and iptables are.
      PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
      TMPDIR: TEMPORARY,
      [OUTER_NETWORK]: networkNamespace(),
    },
  };
}

/** Such as `net:[4026531840]`. */
export function networkNamespace(): string {
  return readlinkSync('/proc/self/ns/net');
}

/**
 * True where root is only root of a user namespace. There a netlink message may have net.core.wmem_max bytes and no
 * more, and iptables-nft sends a transaction as one message: some 800 rules. On a host CAP_NET_ADMIN lifts that.
 */
export function isUserNamespace(): boolean {
  return readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/).at(-1) !== String(2 ** 32 - 1);
}

/** True inside of {@link inNamespaces}, by the kernel's word. */
export function isPrivateNetwork(): boolean {
  const outer = process.env[OUTER_NETWORK];
  return outer !== undefined && outer !== networkNamespace();
}

/** Throws unless the firewall in reach is a private one; called before anything touches it. */
export function requirePrivateNetwork(): void {
  if (!isPrivateNetwork()) {
    throw new Error('this touches iptables and runs in namespaces of its own only: npm test -- NAME');
  }
}
