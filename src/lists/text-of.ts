/** Writes addresses from their numbers, in the canonical form of domain/net.ts, and fast: a list has a million. */

/** Of 32 bits as an unsigned number. */
export function textOf4(bits: number): string {
  return `${bits >>> 24}.${(bits >>> 16) & 0xff}.${(bits >>> 8) & 0xff}.${bits & 0xff}`;
}

/** Of 128 bits, as RFC 5952 has it: the longest run of zeros is left out, of equal ones the first. */
export function textOf6(bits: bigint): string {
  const digits = bits.toString(16).padStart(32, '0');
  const groups = Array.from({ length: GROUPS }, (_, index) =>
    parseInt(digits.slice(index * 4, index * 4 + 4), 16).toString(16),
  );
  const [start, length] = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

function longestZeros(groups: readonly string[]): readonly [start: number, length: number] {
  let [best, bestLength, length] = [0, 0, 0];
  groups.forEach((group, index) => {
    length = group === '0' ? length + 1 : 0;
    if (length > bestLength) [best, bestLength] = [index - length + 1, length];
  });
  return [best, bestLength];
}

const GROUPS = 8;
