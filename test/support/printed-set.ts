/** What ipset, or what stands for it, prints of a set, as one text. */
import type { Sets } from '../../src/system/firewall/ipset.ts';

export async function printedSet(
  { list }: Pick<Extract<Sets, { readonly kind: 'usable' }>, 'list'>,
  set: string,
): Promise<string> {
  const printed: Buffer[] = [];
  await list(set, (chunk) => printed.push(chunk));
  return Buffer.concat(printed).toString();
}
