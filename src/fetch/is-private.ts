/** Whether an address is one of a machine or network of one's own, or of nobody, and not one of the internet. */
import { contains, parseNet } from '../domain/net.ts';
import { SPECIAL_NETS } from '../lists/judge/special-nets.ts';

/** Text that is no address is private too: nothing is known of it. */
export function isPrivate(address: string): boolean {
  // `fe80::1%eth0` has a zone.
  const net = parseNet(address.split('%', 1)[0] ?? '');
  return net === undefined || SPECIAL_NETS.some((own) => contains(own, net));
}
