/** Writes addresses from their numbers, in the canonical form of domain/net.ts, and fast: a list has a million. */

/** Of 32 bits as an unsigned number. */
export function textOf4(bits: number): string {
  return `${bits >>> 24}.${(bits >>> 16) & 0xff}.${(bits >>> 8) & 0xff}.${bits & 0xff}`;
}

/** Of 128 bits, as RFC 5952 has it: the longest run of zeros is left out, of equal ones the first. */
export function textOf6(bits: bigint): string {
  const groups: number[] = [];
  for (let shift = 96n; shift >= 0n; shift -= 32n) {
    const word = Number((bits >> shift) & 0xffffffffn);
    groups.push(word >>> 16, word & 0xffff);
  }
  let [start, most, length] = [0, 0, 0];
  for (let place = 0; place < groups.length; place += 1) {
    length = groups[place] === 0 ? length + 1 : 0;
    if (length > most) [start, most] = [place - length + 1, length];
  }
  if (most < 2) return hexOf(groups);
  return `${hexOf(groups.slice(0, start))}::${hexOf(groups.slice(start + most))}`;
}

function hexOf(groups: readonly number[]): string {
  let text = '';
  for (const group of groups) text += text === '' ? group.toString(16) : `:${group.toString(16)}`;
  return text;
}
