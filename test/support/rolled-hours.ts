/** All hours of so many days, in one list. */
import type { Hour } from '../../src/rollup/hour.ts';
import { readRollup } from '../../src/rollup/read-rollup.ts';

export async function rolledHours(
  world: Parameters<typeof readRollup>[0],
  days: number,
): Promise<readonly Hour[]> {
  const hours: Hour[] = [];
  for await (const day of readRollup(world, { days })) hours.push(...day);
  return hours;
}
