/**
 * A script for `/import` of MikroTik's RouterOS: takes out the entries that it made before, known by their comment,
 * and adds those of now. A script ends with its first error, and an address that the list has already is one.
 */
import { cidrText, FAMILIES, type Family } from '../../domain/net.ts';
import { head, linesOf, nameOf, type Form } from './form.ts';

const MENUS: Readonly<Record<Family, string>> = {
  ipv4: '/ip firewall address-list',
  ipv6: '/ipv6 firewall address-list',
};

/** Entries with a timeout are kept in memory, and not in flash; a router that fetches no more forgets them. */
const TIMEOUT = '1d';

/** Only families that are exported: a RouterOS without IPv6 does not know the other menu. */
export const mikrotikForm: Form = function* (made) {
  const name = nameOf(made);
  yield head(made);
  for (const family of FAMILIES) {
    if (!made.families.includes(family)) continue;
    yield `${MENUS[family]}\nremove [find where comment=${name}]\n`;
    yield* linesOf(
      made.entries,
      ({ net }) => {
        const address = family === 'ipv6' ? cidrText(net) : net.text;
        return `:do {add list=${name} comment=${name} timeout=${TIMEOUT} address=${address}} on-error={}`;
      },
      family,
    );
  }
};
