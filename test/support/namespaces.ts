/**
 * Network and mount namespaces of one's own: the firewall in there is no one else's, and `/run` is empty and gone
 * with it. Root makes them as it is; anyone else gets a user namespace around them, in which they are root.
 */
import { readFileSync, readlinkSync } from 'node:fs';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Names the network namespace outside, so that what runs inside can prove that it is not there. */
const OUTER_NETWORK = 'BANSPOOL_OUTER_NETWORK';

/** The tmpfs is for the locks and the namespaces of `ip netns`; iptables-legacy too keeps its lock in /run. */
const ENTER = 'mount -t tmpfs tmpfs /run && ip link set lo up && exec "$@"';

/**
 * A command that runs `argv` in fresh namespaces. They end with it: it dies with the process that started it, and
 * what runs inside dies with it.
 */
export function inNamespaces(argv: readonly string[]): Command {
  const asRoot = process.getuid?.() === 0;
  return {
    file: 'setpriv',
    args: [
      ...['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--fork', '--kill-child'],
      ...(asRoot ? [] : ['--user', '--map-root-user']),
      ...['--', 'sh', '-c', ENTER, 'sh', ...argv],
    ],
    env: {
      ...process.env,
      // Debian's ordinary users have no sbin, where ip and iptables are.
      PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
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
