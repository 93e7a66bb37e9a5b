/**
 * Keeps for the next process what sources and lists gave: once it is enforced, and as the holder of the state's lock.
 */
import type { Memory } from './memory.ts';

/** Keeps it; returns lines on lists that became others, for the history. */
export async function keepGiven({
  sources,
  lists,
}: Pick<Memory, 'sources' | 'lists'>): Promise<readonly string[]> {
  await sources.keep();
  return lists.keep();
}
