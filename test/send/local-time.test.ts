/** The times in the lists of fail2ban-client, which are local and tell no zone. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from '../support/child.ts';
import { bansOf, snapshotsOf, sshd, toldBy } from './jail.ts';
import { NOW_MS, Sender } from './sender.ts';

const times = suite('local time in a snapshot');

const SECOND = Math.floor(NOW_MS / 1000);

times('the time zone is that of the process of fail2ban', async () => {
  await using sender = new Sender();
  await using fail2ban = new Child(['sleep', '60'], { env: { ...process.env, TZ: 'Asia/Kolkata' } });
  fs.writeFileSync(join(sender.folder, 'fail2ban.pid'), `${fail2ban.pid}\n`);
  await sender.startFail2ban(sshd('192.0.2.7 \t2026-11-22 14:20:27 + 600 = 2026-11-22 14:30:27'));

  const [taken] = await snapshotsOf(sender);

  assert.equal(bansOf(taken), ['192.0.2.7 1795337427 601']);
});

times('a list in the wrong time zone is refused and told, and nothing is lifted by it', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(sshd('192.0.2.7 \t2026-11-22 14:20:27 + 600 = 2026-11-22 14:30:27'));

  const taken = await snapshotsOf(sender);

  assert.equal(taken, []);
  assert.match(
    toldBy(sender)[0] ?? '',
    /^warning: no snapshot of jail sshd: 2026-11-22 14:20:27 in "192\.0\.2\.7 .*" is not a time in this time zone \(UTC\)$/,
  );
});

/** As fail2ban prints a ban whose start and length have fractions, in UTC. */
function cutLine(ip: string, start: number, length: number): string {
  const cut = (seconds: number): string => localTime('UTC', Math.floor(seconds));
  return `${ip} \t${cut(start)} + ${Math.floor(length)} = ${cut(start + length)}`;
}

for (const awk of ['mawk', 'busybox awk']) {
  times(`a length with a fraction may end a second later than what is printed says, by ${awk}`, async () => {
    await using sender = new Sender();
    sender.replaceProgram('awk', `exec ${awk} "$@"`);
    const line = '192.0.2.7 \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:28';
    assert.is(cutLine('192.0.2.7', 1_795_337_427.5, 600.75), line);
    await sender.startFail2ban(sshd(line, '192.0.2.8 \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27'));

    const [taken] = await snapshotsOf(sender);

    assert.equal(bansOf(taken), ['192.0.2.7 1795337427 602', '192.0.2.8 1795337427 601']);
  });
}

times('no ban is sent with an end before its own, or more than a second after it', async () => {
  await using sender = new Sender();
  const fractions = [0, 0.25, 0.5, 0.75];
  const bans = fractions.flatMap((start) =>
    fractions.map((length) => [SECOND - 60 + start, 600 + length] as const),
  );
  await sender.startFail2ban(
    sshd(...bans.map(([start, length], index) => cutLine(`192.0.2.${index}`, start, length))),
  );

  const [taken] = await snapshotsOf(sender);

  const late = (taken?.bans ?? []).map(({ until }, index) => {
    const [start = 0, length = 0] = bans[index] ?? [];
    return until / 1000 - start - length;
  });
  assert.is(late.length, bans.length);
  assert.ok(
    late.every((seconds) => seconds > 0 && seconds <= 1),
    late.join(),
  );
});

for (const awk of ['mawk', 'busybox awk']) {
  times(`a ban that ends after 2037 is told with its whole length, by ${awk}`, async () => {
    await using sender = new Sender();
    sender.replaceProgram('awk', `exec ${awk} "$@"`);
    await sender.startFail2ban(
      sshd(
        '192.0.2.7 \t2026-11-22 08:50:27 + 378691200 = 2038-11-22 08:50:27',
        '192.0.2.8 \t2026-11-22 08:50:27 + 9999999999 = 2343-10-11 02:37:06',
        '192.0.2.9 \t2026-11-22 08:50:27 + 99999999999999 = 9999-12-31 23:59:59',
        '192.0.2.10 \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27',
      ),
    );

    const [taken] = await snapshotsOf(sender);

    assert.equal(bansOf(taken), [
      '192.0.2.7 1795337427 378691201',
      '192.0.2.8 1795337427 10000000000',
      '192.0.2.9 1795337427 99999999999',
      '192.0.2.10 1795337427 601',
    ]);
  });

  times(`one time that cannot be does not cost the list that it stands in, by ${awk}`, async () => {
    await using sender = new Sender();
    sender.replaceProgram('awk', `exec ${awk} "$@"`);
    await sender.startFail2ban(
      sshd(
        '192.0.2.7 \t2026-11-22 09:50:27 + 600 = 2026-11-22 10:00:27',
        '192.0.2.8 \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27',
      ),
    );

    const [taken] = await snapshotsOf(sender);

    assert.equal(bansOf(taken), ['192.0.2.8 1795337427 601', '192.0.2.7 1795341027 601']);
  });
}

times('an end that is two seconds more than start and length is none', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(sshd('192.0.2.7 \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:29'));

  assert.equal(await snapshotsOf(sender), []);
});

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'] as const;

/** As fail2ban prints a time. */
function localTime(zone: string, seconds: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
    seconds * 1000,
  );
}

function listLine(zone: string, ip: string, [start, length]: readonly [number, number]): string {
  return `${ip} \t${localTime(zone, start)} + ${length} = ${localTime(zone, start + length)}`;
}

const at = (text: string): number => Date.parse(text) / 1000;

/** In each zone the start of the hour, or half hour, that the clocks show twice. */
const FIRST_02: Readonly<Record<string, number>> = {
  'Europe/Berlin': at('2026-10-25T00:00:00Z'),
  'America/New_York': at('2026-11-01T05:00:00Z'),
  'Australia/Lord_Howe': at('2026-04-04T14:30:00Z'),
};

for (const [zone, first] of Object.entries(FIRST_02)) {
  const twice = zone === 'Australia/Lord_Howe' ? 1800 : 3600;

  times(`a time that ${zone} has twice is known by the end, and by what has passed`, async () => {
    const during = first + 700;
    const again = first + twice + 700;
    const after = first + 10_000;
    const isKnown: readonly (readonly [now: number, bans: readonly (readonly [number, number])[]])[] = [
      [
        during,
        [
          [first + 600, 900],
          [first + 600, 86_400],
          [first - 600, twice + 1800],
        ],
      ],
      [
        again,
        [
          [first + 600, 86_400],
          [first + twice + 600, 900],
          [first - 600, twice + 1800],
        ],
      ],
      [
        after,
        [
          [first + 600, 86_400],
          [first + twice + 600, 86_400],
        ],
      ],
    ];

    for (const [now, bans] of isKnown) {
      await using sender = new Sender();
      sender.setClock(now * 1000);
      await sender.startFail2ban(sshd(...bans.map((ban, index) => listLine(zone, `192.0.2.${index}`, ban))));

      const [taken] = await snapshotsOf(sender, { env: { TZ: zone } });

      assert.equal(
        bansOf(taken),
        bans.map(([start, length], index) => `192.0.2.${index} ${start} ${length + 1}`),
      );
    }
  });
}

for (const zone of ZONES) {
  times(`whatever fail2ban prints in ${zone} is read as the instant that it was`, async () => {
    const moment = fc.oneof(
      fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') }),
      fc.integer({ min: -7200, max: 90_000 }).map((offset) => (FIRST_02[zone] ?? SECOND) + offset),
    );
    const age = fc.oneof(fc.integer({ min: 0, max: 7200 }), fc.integer({ min: 0, max: 40_000_000 }));
    // Above an hour: the same local start and end do not stand there twice, while both are still to come.
    const left = fc.oneof(fc.integer({ min: 3600, max: 7200 }), fc.integer({ min: 3600, max: 40_000_000 }));
    const bans = fc.array(fc.tuple(age, left), { minLength: 200, maxLength: 200 });

    await fc.assert(
      fc.asyncProperty(moment, bans, async (now, pairs) => {
        await using sender = new Sender();
        sender.setClock(now * 1000);
        const ipOf = (index: number): string => `10.0.0.${index}`;
        const list = pairs.map(([since, until], index) =>
          listLine(zone, ipOf(index), [now - since, since + until]),
        );
        await sender.startFail2ban(sshd(...list));

        const [taken] = await snapshotsOf(sender, { env: { TZ: zone } });

        assert.equal(
          bansOf(taken),
          pairs.map(([since, until], index) => `${ipOf(index)} ${now - since} ${since + until + 1}`),
        );
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
}

times.run();
