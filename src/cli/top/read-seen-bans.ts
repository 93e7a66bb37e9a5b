/**
 * Reads bans for `banspool top`, with what each dropped where this user may read the firewall, and with peers. It is a
 * preview, whose time grows with the bans: who reads again and again rests in between.
 */
import { DropTable } from '../../pass/drop-table.ts';
import { lookedAt, preview, type Preview } from '../../pass/preview.ts';
import { messageWithMend } from '../../system/error.ts';
import { isRoot } from '../../system/host.ts';
import type { SeenBan, SeenBans, SeenPeer } from '../../top/seen.ts';
import { withRates, type Counted } from '../../top/with-rates.ts';
import type { World } from '../../world/world.ts';
import { listBans, placeOf, sinceOf } from '../text/list-bans.ts';
import { listPeers } from '../text/list-peers.ts';

export class SeenBansReader {
  readonly #world: World;
  #before: Counted | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Reads; what cannot be read is told as the reason. */
  async read(): Promise<SeenBans> {
    try {
      const found = await preview(this.#world, { firewall: isRoot() });
      const at = this.#world.now();
      const counted = { at, bans: seenBansOf(found, this.#world) };
      const bans = withRates(counted, this.#before);
      this.#before = counted;
      return { kind: 'read', at, bans, peers: seenPeersOf(found, at), uncounted: whyUncounted(found) };
    } catch (error) {
      return { kind: 'unreadable', why: messageWithMend(error) };
    }
  }
}

function whyUncounted({ families }: Preview): string | undefined {
  if (families.length === 0) return 'only root can read packets';
  const unreadable = families.find(({ kind }) => kind === 'unreadable');
  return unreadable?.kind === 'unreadable' && families.length === 1 ? unreadable.reason : undefined;
}

function seenBansOf(found: Preview, { config }: World): readonly SeenBan[] {
  const drops = new DropTable(lookedAt(found));
  return listBans(found.judgement, config.chainPrefix).map((ban): SeenBan => {
    const { packets = null, bytes = null } = drops.of(placeOf(ban)) ?? {};
    return {
      ...{ ip: ban.net.text, jail: ban.jail, packets, bytes, rate: null },
      servers: ban.claims.map(({ server }) => server),
      since: sinceOf(ban) ?? null,
    };
  });
}

function seenPeersOf(found: Preview, now: number): readonly SeenPeer[] {
  return listPeers(found, now).map(({ name, heard, claims, enforced, refused, trouble }) => ({
    ...{ name, claims, enforced, refused, trouble },
    heard: heard === null ? null : Date.parse(heard),
  }));
}
