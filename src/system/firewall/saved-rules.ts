/** The rulesets that are loaded at boot, where distributions and people keep them, and who makes sets ahead of them. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { readAsRoot } from '../processes/read-as-root.ts';
import { isInstalled, type Run } from '../processes/run.ts';

export interface SavedRules {
  /** Those that are there and that this user may read: most are root's alone. */
  readonly rulesets: () => Promise<readonly Ruleset[]>;
  /** True where the set, of ours, is there before the file at `path` is loaded, at the next boot. */
  readonly isMadeInTime: (set: string, path: string) => Promise<boolean>;
  /** True where a file that other programs make sets from, ahead of the rules at `path`, has it. */
  readonly isSaved: (set: string, path: string) => Promise<boolean>;
  /** True where the set is there now, or this user may not know. */
  readonly isThere: (set: string) => Promise<boolean>;
}

export interface Ruleset {
  readonly path: string;
  readonly tool: 'iptables' | 'nft';
  readonly text: string;
}

/** action.d/saved-rules.sh has the same list. */
export const SAVED_BY_IPTABLES = [
  '/etc/iptables/rules.v4',
  '/etc/iptables/rules.v6',
  '/etc/sysconfig/iptables',
  '/etc/sysconfig/ip6tables',
  '/etc/iptables/iptables.rules',
  '/etc/iptables/ip6tables.rules',
  '/etc/iptables/rules-save',
  '/etc/iptables/rules6-save',
  '/var/lib/iptables/rules-save',
  '/var/lib/ip6tables/rules-save',
  '/etc/iptables.rules',
  '/etc/ip6tables.rules',
  '/etc/iptables.up.rules',
  '/etc/ip6tables.up.rules',
  '/etc/ufw/before.rules',
  '/etc/ufw/before6.rules',
  '/etc/ufw/after.rules',
  '/etc/ufw/after6.rules',
];

const SAVED_BY_NFT = ['/etc/nftables.conf', '/etc/sysconfig/nftables.conf'];

/** Sets that ipset-persistent saved, which its plugin makes ahead of the rules. */
const SETS = { plugin: '10-ipset', file: '/etc/iptables/ipsets' };

/** Those of other programs, which load them ahead of the rules: those of Arch and of RHEL. */
const OTHER_SETS = ['/etc/ipset.conf', '/etc/sysconfig/ipset'];
const SETS_FOLDER = '/etc/sysconfig/ipset.d';

const UNITS = '/etc/systemd/system';
const UNIT = 'banspool-saved-sets.service';
const PLUGINS = '/usr/share/netfilter-persistent/plugins.d';
const PLUGIN = '12-banspool';
const RULES_OF_PLUGINS = '/etc/iptables/rules.v';

/** Looks below `root`. */
export function openSavedRules(run: Run, root = '/'): SavedRules {
  const read = (path: string): Promise<string | undefined> => readIfAllowed(join(root, path), run);
  const holds = async (file: string, set: string): Promise<boolean> =>
    (await read(file))?.includes(`create ${set} `) === true;
  const isPlugin = (name: string): boolean => fs.existsSync(join(root, PLUGINS, name));
  const isPluggedIn = async (set: string, path: string): Promise<boolean> =>
    path.startsWith(RULES_OF_PLUGINS) && isPlugin(SETS.plugin) && (await holds(SETS.file, set));
  return {
    rulesets: async () => {
      const found: Ruleset[] = [];
      for (const [tool, paths] of [
        ['iptables', SAVED_BY_IPTABLES],
        ['nft', SAVED_BY_NFT],
      ] as const) {
        for (const path of paths) {
          const text = await read(path);
          if (text !== undefined) found.push({ path, tool, text });
        }
      }
      return found;
    },
    isMadeInTime: async (set, path) => {
      if (isEnabled(join(root, UNITS))) return true;
      if (path.startsWith(RULES_OF_PLUGINS) && isPlugin(PLUGIN)) return true;
      return isPluggedIn(set, path);
    },
    isSaved: async (set, path) => {
      if (await isPluggedIn(set, path)) return true;
      for (const file of [...OTHER_SETS, ...filesIn(root, SETS_FOLDER)])
        if (await holds(file, set)) return true;
      return false;
    },
    isThere: async (set) => (await namesOfSets(run))?.has(set) ?? true,
  };
}

/** Of the sets that are there now; undefined where this user may not look. */
async function namesOfSets(run: Run): Promise<ReadonlySet<string> | undefined> {
  if (!isInstalled('ipset')) return new Set();
  const { exitCode, stdout } = await run('ipset', ['list', '-name']);
  return exitCode === 0 ? new Set(stdout.split('\n')) : undefined;
}

function filesIn(root: string, folder: string): readonly string[] {
  try {
    return fs.readdirSync(join(root, folder)).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** As systemctl leaves it: a link in the folder of what is to want it. A unit that is masked is empty, or no file. */
function isEnabled(units: string): boolean {
  try {
    const isMasked = fs.existsSync(join(units, UNIT)) && !fs.statSync(join(units, UNIT)).isFile();
    return (
      !isMasked &&
      fs.readdirSync(units).some((name) => name.endsWith('.wants') && isEntry(join(units, name, UNIT)))
    );
  } catch {
    return false;
  }
}

function isEntry(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** More is no ruleset that a person keeps, and would be read at each pass. */
const MAX_BYTES = 16 * 1024 * 1024;

async function readIfAllowed(path: string, run: Run): Promise<string | undefined> {
  try {
    const stat = fs.statSync(path);
    return stat.isFile() && stat.size <= MAX_BYTES ? await readAsRoot(path, run) : undefined;
  } catch {
    return undefined;
  }
}
