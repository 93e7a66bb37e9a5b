/** What a support archive holds, and where each file of it comes from: programs that only look. */
import type { Config } from '../../config/config.ts';
import { policyPath, trialPath } from '../../ledger/policy-paths.ts';

/** A program, and the file that has what it says. */
export interface Part {
  readonly file: string;
  readonly argv: readonly string[];
  /** Run as the owner of the state, who may have put anything there: root follows no link of another's. */
  readonly asOwner?: true;
  /** Left out where there is none. */
  readonly isOptional?: true;
  /** Of several programs in one file; else the file has the bare output. */
  readonly isSection?: true;
}

interface Needs {
  readonly config: Config;
  readonly configPath: string;
  /** The words that call this program. */
  readonly banspool: readonly string[];
}

/** Of the log. */
const LOG_LINES = 500;

/** Of the history. */
const ENTRIES = 20;

/** In the order in which somebody who helps reads them. */
export function partsOf({ config, configPath, banspool }: Needs): readonly Part[] {
  const own = (file: string, ...words: readonly string[]): Part => ({
    file,
    argv: [...banspool, ...words, '--config', configPath],
  });
  const section = (file: string, ...argv: readonly string[]): Part => ({ file, argv, isSection: true });
  const ownersFile = (file: string, path: string): Part => ({
    ...{ file, argv: ['cat', '--', path], asOwner: true },
  });
  return [
    own('status.txt', 'status', '--utc'),
    own('doctor.txt', 'doctor'),
    own('check.txt', 'check'),
    own('plan.txt', 'plan'),
    ...versions(banspool).map((argv) => section('versions.txt', ...argv)),
    { file: 'config.yaml', argv: ['cat', '--', configPath] },
    ownersFile('policy.yaml', policyPath({ config })),
    { ...ownersFile('policy.trial.yaml', trialPath({ config })), isOptional: true },
    {
      file: 'log.txt',
      argv: ['journalctl', '--unit=banspool*', `--lines=${LOG_LINES}`, '--no-pager', '--output=short-iso'],
    },
    section('units.txt', 'systemctl', 'list-units', '--all', '--no-pager', '--plain', 'banspool*'),
    section('units.txt', 'systemctl', 'list-timers', '--all', '--no-pager', 'banspool*'),
    section('units.txt', 'systemctl', 'status', '--no-pager', '--lines=0', 'banspool*'),
    own('history.txt', 'history', '--limit', String(ENTRIES), '--utc'),
    { file: 'rules-ipv4.txt', argv: ['iptables', '-S'] },
    { file: 'rules-ipv6.txt', argv: ['ip6tables', '-S'] },
    { file: 'sets.txt', argv: ['ipset', 'list', '-terse'] },
    { file: 'nftables.txt', argv: ['nft', '--stateless', 'list', 'ruleset'] },
    ...foldersOf(config).map((path) => ({
      ...section('folders.txt', 'ls', '-ln', '--', path),
      asOwner: true as const,
    })),
    { file: 'metrics.prom', argv: ['cat', '--', config.metrics], asOwner: true },
    own('list.json', 'list', '--json'),
    own('status.json', 'status', '--json'),
    own('history.json', 'history', '--limit', String(ENTRIES), '--json'),
    own('servers.json', 'server', 'list', '--json'),
    ...(config.fleet === undefined ? [] : [own('peers.json', 'peers', 'list', '--json')]),
  ];
}

function versions(banspool: readonly string[]): readonly (readonly string[])[] {
  return [
    [...banspool, '--version'],
    ['cat', '/etc/os-release'],
    ['uname', '-srvm'],
    ...['iptables', 'ip6tables', 'ipset', 'nft', 'git', 'systemctl'].map((program) => [program, '--version']),
    ['ssh', '-V'],
  ];
}

/** Who owns them, who may enter them, and how much waits there. */
function foldersOf({ spool, rejected, state, runtime, fleet }: Config): readonly string[] {
  return [spool, rejected, state, runtime, ...(fleet === undefined ? [] : [fleet.folder])];
}
