/** By what this machine drops packets: as the config says, as far as it can. */
import type { Config } from '../../config/config.ts';
import type { RulesetMeans } from './wanted/ruleset.ts';
import type { Backend } from './wanted/wanted-chain.ts';
import { BanspoolError } from '../../system/error.ts';
import type { Tools } from '../../system/firewall/iptables.ts';

type Settings = Pick<Config, 'backend' | 'chainPrefix' | 'verdict'> & Partial<Pick<Config, 'early'>>;

/** The means; throws where the config asks for sets and there are none. */
export function rulesetMeans(config: Settings, firewall: Pick<Tools, 'sets'>): RulesetMeans {
  const { chainPrefix: prefix, verdict } = config;
  const early = config.early === true && firewall.sets.kind === 'usable';
  return { prefix, verdict, backend: usableBackend(config, firewall), early };
}

function usableBackend({ backend }: Settings, { sets }: Pick<Tools, 'sets'>): Backend {
  if (sets.kind === 'usable') return backend;
  if (backend === 'ipset')
    throw new BanspoolError('command-failed', `backend: ipset cannot be used: ${sets.reason}`, {
      hint: 'apt install ipset, and give the controller CAP_NET_RAW in addition to CAP_NET_ADMIN; or set backend: auto',
    });
  return 'rules';
}
