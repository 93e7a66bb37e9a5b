/** A region in which these were seen, each once, for tests. */
import { joinRegion, type SeenRegion } from '../../src/claims/seen/seen-region.ts';
import { netOf } from '../../src/domain/net.ts';

export function makeSeen(texts: readonly string[]): SeenRegion {
  return joinRegion(
    texts.map((text) => ({
      ip: netOf(text),
      server: 'web1',
      jail: 'sshd',
      bans: [{ since: 1000, until: 2000 }],
      unbans: [],
    })),
  );
}
