/** The jail sshd as fail2ban-client tells of it, and the snapshots that come of that. */
import type { SnapshotIntent } from '../../src/intent/intent.ts';
import type { Sender, SenderRun } from './sender.ts';

/** What fail2ban 1.1 answers of jail sshd with these lines in its list. */
export function sshd(...lines: readonly string[]): Readonly<Record<string, string>> {
  return {
    status: 'Status\n|- Number of jail:\t1\n`- Jail list:\tsshd\n',
    'get sshd actions': 'The jail sshd has the following actions:\niptables-remote\n',
    'get sshd action iptables-remote name': 'sshd\n',
    'get sshd action iptables-remote port': 'ssh\n',
    'get sshd action iptables-remote protocol': 'tcp\n',
    'get sshd banip --with-time': `${lines.join('\n')}\n`,
  };
}

/**
 * Asks for a snapshot, which stays because others ship already, and returns what waits then, the jails in their
 * order.
 */
export async function snapshotsOf(
  sender: Sender,
  options: SenderRun = {},
): Promise<readonly SnapshotIntent[]> {
  sender.replaceProgram('flock', 'echo util-linux; exit 1');
  await sender.run(['snapshot', '--now'], { ...options, env: { TZ: 'UTC', ...options.env } });
  return sender.intents.filter((intent) => intent.intent === 'snapshot');
}

/** `ADDRESS START SECONDS` of each ban; -1 is until unbanned. */
export function bansOf(taken: SnapshotIntent | undefined): readonly string[] {
  if (taken === undefined) throw new Error('there is no snapshot');
  return taken.bans.map(
    ({ ip, time, until }) => `${ip.text} ${time / 1000} ${until === Infinity ? -1 : (until - time) / 1000}`,
  );
}

/** What was told of snapshots. */
export const toldBy = (sender: Sender): readonly string[] =>
  sender.log.filter((line) => !line.startsWith('err: '));
