/** From what is concluded to what one family's firewall should hold, by the means that this machine has. */
import type { Config } from '../config/config.ts';
import { assemble, type Desired } from '../desired/desire.ts';
import type { Backend } from '../desired/desired-chain.ts';
import type { Family } from '../net/net.ts';
import { BanspoolError } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';
import type { Conclusion } from './conclude.ts';

export interface Means {
  readonly config: Pick<Config, 'backend' | 'chainPrefix' | 'verdict'>;
  readonly firewall: Pick<Firewall, 'sets'>;
  /** Chains that nothing changed of since are taken from it as they are. */
  readonly before?: Desired | undefined;
}

/** The ruleset of one family; throws where the config asks for sets and there are none. */
export function desireFamily(
  { portions, deny, allowed }: Conclusion,
  family: Family,
  { config, firewall, before }: Means,
): Desired {
  const options = {
    family,
    prefix: config.chainPrefix,
    verdict: config.verdict,
    backend: usableBackend(config, firewall),
    deny: deny.map(({ net }) => net),
    allowed: allowed.map(({ net }) => net).filter((net) => net.family === family),
  };
  return assemble(portions[family], options, before);
}

/** The configured backend, as far as this machine has it. */
function usableBackend({ backend }: Means['config'], { sets }: Means['firewall']): Backend {
  if (sets.kind === 'usable') return backend;
  if (backend === 'ipset')
    throw new BanspoolError('command-failed', `backend: ipset cannot be had: ${sets.reason}`, {
      hint: 'apt install ipset, and give the controller CAP_NET_RAW beside CAP_NET_ADMIN; or set backend: auto',
    });
  return 'rules';
}
