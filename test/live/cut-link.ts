/** A link that is cut while a file is on its way: whatever the transport, nobody applies the half of it. */
import * as assert from 'uvu/assert';
import type { GuardedNetwork } from '../lab/guarded-network.ts';
import { eventually } from '../support/eventually.ts';

/** Until the shipper of what went before has ended: it would take these intents with it, and try for minutes. */
const IDLE = 'cd /var/spool/banspool-send && flock .waiting flock .shipping true';

/** Three intents of one batch; the one in the middle is of some 550 KB: rsync writes 256 KiB at once. */
const QUEUE = `
cd /var/spool/banspool-send
now=$(date +%s)
ban() {
  printf 'intent: ban\\njail: cut\\nip: %s\\nprotocol: all\\ntime: %s\\nbantime: 600\\n...\\n' "$1" "$now"
}
{
  printf 'intent: snapshot\\njail: long\\nprotocol: all\\ntime: %s\\nbans:\\n' "$now"
  seq 0 9999 | awk -v now="$now" '{
    printf "  - { ip: 10.9.%d.%d, time: %d, bantime: 600 }\\n", int($1 / 256), $1 % 256, now
  }'
  echo ...
} >.long
ban 198.51.100.71 >1-1-1.yaml
mv .long 2-1-1.yaml
ban 198.51.100.72 >3-1-1.yaml
`;

/**
 * The bytes are those of the whole connection, its beginnings included. Cut both ways, as a cable is: the firewall's
 * rsync says every 30 s that it is there, and each time the sender would wait for 40 s more.
 */
const CUT = `nft -f - <<'END'
table inet cut {
  quota carried { over 400 kbytes }
  chain input {
    type filter hook input priority 0
    iifname "web1" tcp dport 22 quota name "carried" drop
  }
  chain output {
    type filter hook output priority 0
    oifname "web1" tcp sport 22 quota name "carried" drop
  }
}
END`;

/** Cuts the link of web1 in the middle of a long snapshot, and mends it. The sender gives up after 40 s of silence. */
export async function cutInTheMiddle(network: GuardedNetwork): Promise<void> {
  const web1 = network.server(1);
  const bansOf = async (jail: string): Promise<number> => {
    const { bans } = JSON.parse((await network.banspool('list', '--json')).stdout) as Listing;
    return bans.filter((ban) => ban.jail === jail).length;
  };
  await web1.sh(IDLE);
  await web1.sh(QUEUE);
  const whole = Number(await web1.sh('stat -c %s /var/spool/banspool-send/2-1-1.yaml'));
  await network.firewall.sh(CUT);

  try {
    const cut = await web1.exec(['banspool-send', 'ship'], { timeLimitMs: 60_000 });

    assert.is(cut.code, 1, cut.stderr);
    await network.untilDropped(['198.51.100.71']);
    const part = Number(
      await network.firewall.sh("find /var/spool/banspool/web1 -name '*2-1-1.yaml*' -printf %s"),
    );
    assert.ok(part > 0 && part < whole, `${part} of ${whole} bytes`);
    await network.reconcile();
    assert.is(await bansOf('long'), 0);
    assert.equal(await network.dropped(), ['198.51.100.71']);
  } finally {
    await network.firewall.sh('nft delete table inet cut');
  }
  await web1.sh('banspool-send ship');
  await eventually(async () => {
    assert.equal([await bansOf('cut'), await bansOf('long')], [2, 10_000]);
  }, 120_000);
  // The state has them before the pass is over.
  await eventually(async () => {
    const { code, stdout } = await network.banspool('status');
    assert.is(code, 0, stdout);
  });

  await web1.sh('for jail in cut long; do banspool-send queue flush --jail $jail; done');
  await network.untilDropped([]);
}

interface Listing {
  readonly bans: readonly { readonly jail: string }[];
}
