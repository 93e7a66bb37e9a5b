/** The one place that chooses a data plane. */
import type { Dataplane } from './dataplane.ts';
import type { DataplaneKind } from './dataplane-kind.ts';
import { IPTABLES } from './iptables/iptables.ts';

/** The kind that is in use. */
export const DATAPLANE: DataplaneKind = IPTABLES;

/** That of one family, for one enforcement. */
export function openDataplane(...where: Parameters<DataplaneKind['open']>): Dataplane {
  return DATAPLANE.open(...where);
}
