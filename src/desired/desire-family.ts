/** From what is concluded to what is desired of one family's firewall. */
import { desire, type Desired } from './desire.ts';
import type { Family, Net } from '../domain/net.ts';
import type { Conclusion } from './conclude.ts';

/** What is desired of one family; jails that nothing changed of since `before` are the same objects. */
export function desireFamily(
  { portions, deny, allowed, lists }: Conclusion,
  family: Family,
  before?: Desired,
): Desired {
  const options = {
    family,
    deny: netsOf(deny),
    allowed: allowed.map(({ net }) => net).filter((net) => net.family === family),
  };
  return desire(portions[family], { ...options, lists }, before);
}

/** By the list that they are of, so that the same list gives the same nets, which nobody has to compare then. */
const NETS = new WeakMap<Conclusion['deny'], readonly Net[]>();

function netsOf(deny: Conclusion['deny']): readonly Net[] {
  let nets = NETS.get(deny);
  if (nets === undefined) {
    nets = deny.map(({ net }) => net);
    NETS.set(deny, nets);
  }
  return nets;
}
