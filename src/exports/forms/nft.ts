/**
 * A file for `nft -f`: a table of its own with the sets `v4` and `v6`, which are emptied and filled in one transaction.
 * The receiver's rules stand in chains of that table, since sets are known in their own table alone, and go on to stand
 * when the file is loaded again. No element has a timeout: it would count from when the file is loaded.
 */
import { FAMILIES, type Family } from '../../domain/net.ts';
import { head, linesOf, nameOf, type Form } from './form.ts';

const SETS: Readonly<Record<Family, string>> = { ipv4: 'v4', ipv6: 'v6' };
const TYPES: Readonly<Record<Family, string>> = { ipv4: 'ipv4_addr', ipv6: 'ipv6_addr' };

/** Both sets are there whatever families are exported, so that rules may look into both. */
export const nftForm: Form = function* (made) {
  const table = `inet ${nameOf(made)}`;
  yield `${head(made)}add table ${table}\n`;
  for (const family of FAMILIES) {
    const set = `${table} ${SETS[family]}`;
    // Overlapping networks are an error without auto-merge.
    yield `add set ${set} { type ${TYPES[family]}; flags interval; auto-merge; }\nflush set ${set}\n`;
    // nft refuses a list of nothing.
    if (!made.entries.some(({ net }) => net.family === family)) continue;
    yield `add element ${set} {\n`;
    yield* linesOf(made.entries, ({ net }) => `${net.text},`, family);
    yield '}\n';
  }
};
