/** Two builds are measured in alternation, so that a minute in which the machine is slow is slow for both. */

/** One that is measured. */
export interface Player {
  /** Gives it the turn; resolves when it gives it back, false when it will not want another. */
  readonly play: () => Promise<boolean>;
}

/** Base, new, new, base: over four turns neither comes first more often, nor always after the same other one. */
const ORDER = [0, 1, 1, 0];

/** Gives turns until nobody wants one. */
export async function takeTurns(players: readonly Player[]): Promise<void> {
  const eager = new Set(players);
  for (let turn = 0; eager.size > 0; turn += 1) {
    const due = players[(ORDER[turn % ORDER.length] ?? 0) % players.length];
    const player = due !== undefined && eager.has(due) ? due : [...eager][0];
    if (player !== undefined && !(await player.play())) eager.delete(player);
  }
}
