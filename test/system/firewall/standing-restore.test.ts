/** An iptables-restore that stands by, of both variants: the real one, and stand-ins that fail where it may. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openFirewall, type Tools } from '../../../src/system/firewall/iptables.ts';
import type { StandingRestore } from '../../../src/system/firewall/standing-restore.ts';
import { openStandingTools, type StandingTools } from '../../../src/system/firewall/standing-tools.ts';
import { run } from '../../../src/system/processes/run.ts';
import { eventually } from '../../support/eventually.ts';
import { clearFirewall, iptables, iptablesRules } from '../../support/firewall.ts';
import { StandIns } from '../../support/stand-ins.ts';

const test = suite<{ standing: StandingTools }>('an iptables-restore that stands by');

test.before.each(async (context) => {
  await clearFirewall();
  context.standing = openStandingTools();
});
test.after.each(({ standing }) => {
  standing.close();
});

const RULE = '-A INPUT -s 192.0.2.7/32 -j DROP';
const textOf = (...lines: readonly string[]): string => ['*filter', ...lines, 'COMMIT', ''].join('\n');

/** Has it stand by. */
async function awake(file: string, standing: StandingTools): Promise<StandingRestore> {
  const restore = standing.restore(file);
  await eventually(async () => {
    assert.is((await restore.restore('')).kind, 'done');
  });
  return restore;
}

for (const variant of ['nft', 'legacy'] as const) {
  const file = `iptables-${variant}-restore`;
  const rules = (): Promise<readonly string[]> => iptablesRules({ variant });

  test(`acknowledges what took effect, in one process (${variant})`, async ({ standing }) => {
    const restore = await awake(file, standing);

    const first = await restore.restore(textOf(RULE));
    const isThere = (await rules()).includes(RULE);
    await iptables(['-N', 'made-by-another'], { variant });
    const second = await restore.restore(textOf('-A made-by-another -s 192.0.2.9 -j DROP'));

    assert.equal([first.kind, isThere, second.kind], ['done', true, 'done']);
    assert.is(second.pid, first.pid);
    assert.ok((await rules()).includes('-A made-by-another -s 192.0.2.9/32 -j DROP'));
  });

  test(`leaves what it is refused to a process, which fails in its own words (${variant})`, async ({
    standing,
  }) => {
    await awake(file, standing);
    const firewall = await openFirewall(run, variant, standing);
    const refused = textOf(RULE, '-A nowhere -j DROP');
    const failureOf = async ({ restore }: Tools): Promise<string> =>
      String(await restore('ipv4', refused).catch((error: unknown) => error));

    const failure = await failureOf(firewall);

    assert.is(failure, await failureOf(await openFirewall(run, variant)));
    assert.not.ok((await rules()).includes(RULE));
    await firewall.restore('ipv4', textOf(RULE));
    assert.ok((await rules()).includes(RULE));
  });

  test(`lists what a process lists, whatever others did meanwhile (${variant})`, async ({ standing }) => {
    const restore = await awake(file, standing);
    const aside = await openFirewall(run, variant);
    restore.listed(0);
    const chain = fc.constantFrom('INPUT', 'c-one', 'c-two');
    const edit = fc.oneof(
      fc
        .tuple(chain, fc.ipV4(), fc.constantFrom('', `-m comment --comment "# a 1 end"`))
        .map(([name, ip, more]) => `-A ${name} -s ${ip} ${more} -j DROP`),
      chain.map((name) => `-F ${name}`),
      chain.map((name) => `-A ${name} -p tcp -m multiport --dports 22,80 -j RETURN`),
    );
    const made = textOf(':c-one - [0:0]', ':c-two - [0:0]');

    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 6 }), fc.boolean(), async (lines, isAnew) => {
        if (isAnew) await clearFirewall();
        await aside.restore('ipv4', made);
        await aside.restore('ipv4', textOf(...lines));

        assert.is(await restore.list(), await aside.list('ipv4'));
      }),
      { numRuns: 12 },
    );
  });
}

test('lists no table that was large, or has not been listed by a process yet', async ({ standing }) => {
  const restore = await awake('iptables-nft-restore', standing);
  const before = await restore.list();
  restore.listed(100_000);
  const large = await restore.list();
  restore.listed(100);

  assert.equal([before, large], [undefined, undefined]);
  assert.match((await restore.list()) ?? '', /^-P INPUT ACCEPT -c 0 0\n/);
});

test('leaves a long text to a process', async ({ standing }) => {
  const restore = await awake('iptables-nft-restore', standing);

  assert.equal(await restore.restore(textOf(...Array<string>(2_000).fill(RULE))), { kind: 'not-done' });
  assert.not.ok((await iptablesRules()).includes(RULE));
});

/** Says of each text, once `$text` holds it, what comes of it; without COMMIT it is answered. */
const faulty = (atCommit: string): string => `
while IFS= read -r line; do
  text="$text$line
"
  case $line in
  '# '*) echo "$line" ;;
  COMMIT) ${atCommit} ;;
  esac
done`;

const COMMITS = `printf '%s' "$text" | PATH=/usr/sbin:/sbin iptables-nft-restore --noflush`;

const FAULTS: Readonly<Record<string, readonly [atCommit: string, isDone: boolean]>> = {
  'dies before it does it': ['kill -9 $$', false],
  'dies after it has done it': [`${COMMITS}; kill -9 $$`, true],
  'hangs before it does it': ['exec sleep 1000', false],
  'hangs after it has done it': [`${COMMITS}; exec sleep 1000`, true],
  'stops after it has done it': [`${COMMITS}; kill -STOP $$`, true],
  'ends as if all were well': ['exit 0', false],
  'answers something else': ['yes nonsense | head -c 9000000', false],
};

test('tells neither that it did nor that it did not what it gives no word of', async () => {
  const standIns = new StandIns();
  const standing = openStandingTools(2_000);
  try {
    const seen = await Promise.all(
      Object.entries(FAULTS).map(async ([what, [atCommit, isDone]], at) => {
        const rule = `-A INPUT -s 192.0.2.${at}/32 -j DROP`;
        standIns.install(what, faulty(atCommit));
        const restore = await awake(what, standing);
        const first = await restore.restore(textOf(rule));
        const second = await restore.restore(textOf(rule));
        if (isDone)
          await eventually(async () => {
            assert.ok((await iptablesRules()).includes(rule));
          });
        return [what, first.kind, second.kind, (await iptablesRules()).includes(rule)];
      }),
    );

    assert.equal(
      seen,
      Object.entries(FAULTS).map(([what, [, isDone]]) => [what, 'unknown', 'not-done', isDone]),
    );
  } finally {
    standing.close();
    standIns[Symbol.dispose]();
  }
});

test.run();
