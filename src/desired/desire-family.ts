/** From what is concluded to what is desired of one family's firewall. */
import { desire, type Desired } from './desire.ts';
import type { Family } from '../domain/net.ts';
import type { Conclusion } from './conclude.ts';

/** What is desired of one family; jails that nothing changed of since `before` are the same objects. */
export function desireFamily(
  { portions, deny, allowed, lists }: Conclusion,
  family: Family,
  before?: Desired,
): Desired {
  const options = {
    family,
    deny: deny.map(({ net }) => net),
    allowed: allowed.map(({ net }) => net).filter((net) => net.family === family),
  };
  return desire(portions[family], { ...options, lists }, before);
}
