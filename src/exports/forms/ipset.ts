/**
 * A file for `ipset restore`: fills a set that nobody looks into and swaps it, so that no packet meets half of the
 * bans. It may be loaded again at any time, also after it was broken off.
 */
import { FAMILIES, type Family } from '../../domain/net.ts';
import { head, linesOf, nameOf, type Form } from './form.ts';

const SETS: Readonly<Record<Family, { readonly end: string; readonly inet: string }>> = {
  ipv4: { end: '4', inet: 'inet' },
  ipv6: { end: '6', inet: 'inet6' },
};

/** A bound and no allocation. With another one than the set on the receiver has, `create -exist` is an error. */
const MAX_ELEMENTS = 2 ** 22;

/** Both sets are there whatever families are exported, so that rules may look into both. */
export const ipsetForm: Form = function* (made) {
  yield head(made);
  for (const family of FAMILIES) {
    const { end, inet } = SETS[family];
    const set = `${nameOf(made)}${end}`;
    const next = `${set}.new`;
    const kind = `hash:net family ${inet} maxelem ${MAX_ELEMENTS}`;
    yield `create -exist ${set} ${kind}\ncreate -exist ${next} ${kind}\nflush ${next}\n`;
    yield* linesOf(made.entries, ({ net }) => `add ${next} ${net.text}`, family);
    yield `swap ${next} ${set}\ndestroy ${next}\n`;
  }
};
