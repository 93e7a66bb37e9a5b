/**
 * Reads bans for `banspool top`, with what each dropped where this user may read the firewall, and with peers. It is a
 * preview, whose time grows with the bans: who reads again and again rests in between.
 */
import { resolve } from 'node:path';
import { NOTHING_ENFORCED } from '../../config/mode.ts';
import { DropTable } from '../../pass/drop-table.ts';
import { lookedAt, preview, type Preview } from '../../pass/preview.ts';
import { messageWithMend } from '../../system/error.ts';
import { isRoot } from '../../system/host.ts';
import type { SeenBan, SeenBans, SeenPeer } from '../../top/seen.ts';
import type { World } from '../../world/world.ts';
import { listBans, placeOf, sinceOf } from '../text/list-bans.ts';
import { listPeers } from '../text/list-peers.ts';

/** Reads; what cannot be read is told as the reason. */
export async function readSeenBans(world: World): Promise<SeenBans> {
  try {
    const isObserving = world.config.mode === 'observe';
    const found = await preview(world, { firewall: isRoot() && !isObserving });
    const at = world.now();
    const bans = seenBansOf(found, world);
    return {
      kind: 'read',
      at,
      bans,
      peers: seenPeersOf(found, at),
      uncounted: whyUncounted(found, bans, isObserving),
    };
  } catch (error) {
    return { kind: 'unreadable', why: messageWithMend(error) };
  }
}

/** Far beyond what 100,000 bans take. */
const TIME_LIMIT_MS = 120_000;

/**
 * The same by a process of its own, at low priority: of many bans the work would hold up the screen and the keys, and
 * leave its memory here. It is `banspool top --bans`.
 */
export async function readSeenBansApart({ run }: World, configPath: string): Promise<SeenBans> {
  const program = [process.execPath, ...process.execArgv, process.argv[1] ?? 'banspool'];
  const words = ['top', '--bans', '--config', resolve(configPath)];
  try {
    const ran = await run('nice', ['-n', '10', ...program, ...words], { timeoutMs: TIME_LIMIT_MS });
    if (ran.exitCode === 0) return JSON.parse(ran.stdout) as SeenBans;
    return { kind: 'unreadable', why: ran.stderr.trim() };
  } catch (error) {
    return { kind: 'unreadable', why: messageWithMend(error) };
  }
}

/** Undefined where anything was counted, or nothing is banned. */
function whyUncounted(
  { families }: Preview,
  bans: readonly SeenBan[],
  isObserving: boolean,
): string | undefined {
  if (bans.length === 0 || bans.some(({ packets }) => packets !== null)) return undefined;
  if (isObserving) return NOTHING_ENFORCED;
  if (families.length === 0) return 'only root can read packets';
  const unreadable = families.find((family) => family.kind === 'unreadable');
  return unreadable === undefined ? 'packets are not counted in sets' : unreadable.reason;
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
