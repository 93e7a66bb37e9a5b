/** The first file of a support archive: what the others are, for who helps, and where its sender looks before. */

interface ReadmeNeeds {
  readonly files: readonly { readonly name: string }[];
  /** By kind, how many different ones have a placeholder; undefined where nothing was replaced. */
  readonly replaced: ReadonlyMap<string, number> | undefined;
}

export function readmeOf({ files, replaced }: ReadmeNeeds): string {
  const meanings = files.map(({ name }) => `  ${name.padEnd(18)} ${MEANINGS[name] ?? ''}`.trimEnd());
  return [
    'Written by banspool support. Nothing was sent anywhere.',
    '',
    ...meanings,
    '',
    'Private keys, passwords, tokens and the paths of web addresses were removed from all files.',
    ...(replaced === undefined ? PLAIN : redactedLines(replaced)),
    '',
    'Before you send it, look at config.yaml, policy.yaml, log.txt and nftables.txt: they hold the most of what is yours.',
    '',
  ].join('\n');
}

const PLAIN = ['Your own addresses and names are in it. banspool support --redact replaces them.'];

function redactedLines(replaced: ReadonlyMap<string, number>): readonly string[] {
  const kinds = Array.from(
    replaced,
    ([kind, count]) => `  ${kind}-1${count > 1 ? ` to ${kind}-${count}` : ''}`,
  );
  return [
    'These were replaced, the same by the same placeholder in all files: addresses that no server bans and policy.yaml',
    'does not deny, addresses that policy.yaml allows or that are of this machine, names of servers, peers, hosts and',
    'people, notes and comments.',
    ...kinds,
    'These stay: banned addresses, names of jails, reasons of bans, names of chains, sets and interfaces.',
  ];
}

const MEANINGS: Readonly<Record<string, string>> = {
  'status.txt': 'whether the firewall matches the desired state, and if not, why; what waits of each server',
  'doctor.txt': 'what this machine lacks, and how to fix it',
  'check.txt': 'mistakes in config and policy',
  'plan.txt': 'what a pass would change',
  'versions.txt': 'of banspool, the system and the programs that banspool runs',
  'config.yaml': 'the config file',
  'policy.yaml': 'the policy',
  'policy.trial.yaml': 'the policy that is tried, if one is',
  'log.txt': 'the last lines of the journal of all units of banspool',
  'units.txt': 'the state of these units and timers',
  'history.txt': 'the newest bans and unbans',
  'rules-ipv4.txt': 'the rules of the filter table, IPv4',
  'rules-ipv6.txt': 'the same, IPv6',
  'sets.txt': 'the ipsets without their members',
  'nftables.txt': 'all rules as nft prints them',
  'folders.txt': 'owners and modes in the folders of banspool',
  'metrics.prom': 'the metrics for Prometheus',
  'list.json': 'all bans',
  'status.json': 'status.txt as JSON',
  'history.json': 'history.txt as JSON',
  'servers.json': 'the servers that may send, and the fingerprints of their keys',
  'peers.json': 'the peers of the fleet',
};
