/** How somebody else makes a pass, or starts the controller, as the owner of the state. */
import { DEFAULT_CONFIG_PATH } from '../config/config.ts';
import type { Owner } from '../system/files/owner.ts';

/** What a shell takes. The units read the config at its default place; of another one they know nothing. */
export function commandOfOwner(owner: Owner, command: 'reconcile' | 'run', configPath: string): string {
  if (configPath === DEFAULT_CONFIG_PATH) return `systemctl start ${UNITS[command]}`;
  const capabilities = ['inh', 'ambient'].map((set) => `--${set}-caps ${CAPABILITIES}`).join(' ');
  return `setpriv --reuid ${owner.name} --regid ${owner.gid} --clear-groups ${capabilities} banspool ${command} --config ${configPath}`;
}

const UNITS = { reconcile: 'banspool-reconcile.service', run: 'banspool.service' } as const;

/** As the units have them. */
const CAPABILITIES = '+net_admin,+net_raw';
