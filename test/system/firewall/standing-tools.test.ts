/** What a controller's firewall does by the programs that stand by, and what it tells of them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BanspoolError } from '../../../src/system/error.ts';
import { openFirewall } from '../../../src/system/firewall/iptables.ts';
import { knowsProcessIds } from '../../../src/system/firewall/own-writes.ts';
import { openStandingTools, type StandingTools } from '../../../src/system/firewall/standing-tools.ts';
import { run, type Run } from '../../../src/system/processes/run.ts';
import { eventually } from '../../support/eventually.ts';
import { clearFirewall, iptablesRules } from '../../support/firewall.ts';
import { StandIns } from '../../support/stand-ins.ts';

const test = suite<{ standing: StandingTools; standIns: StandIns }>('the tools that stand by');

test.before.each(async (context) => {
  await clearFirewall();
  context.standIns = new StandIns();
  context.standing = openStandingTools(10_000);
});
test.after.each(({ standing, standIns }) => {
  standing.close();
  standIns[Symbol.dispose]();
});

const PROGRAMS = ['iptables-nft-restore', 'ip6tables-nft-restore'];
const ban = (ip: string): string => `*filter\n-A INPUT -s ${ip} -j DROP\nCOMMIT\n`;

/** Has them stand by; gives their process ids. */
async function awake({ restore }: StandingTools): Promise<readonly (number | undefined)[]> {
  return eventually(async () => {
    const told = await Promise.all(PROGRAMS.map((file) => restore(file).restore('')));
    assert.ok(told.every(({ kind }) => kind === 'done'));
    return told.map(({ pid }) => pid);
  });
}

test('are one for each family, ours, and enough for what a ban takes', async ({ standing }) => {
  const ran: string[] = [];
  const noting: Run = (file, ...words) => {
    ran.push(file);
    return run(file, ...words);
  };
  const firewall = await openFirewall(noting, 'nft', standing);
  const pids = await awake(standing);
  await firewall.list('ipv4');
  await firewall.list('ipv6');

  const before = ran.length;
  await firewall.restore('ipv4', ban('192.0.2.7/32'));
  await firewall.restore('ipv6', ban('2001:db8::7/128'));
  const listed = [await firewall.list('ipv4'), await firewall.list('ipv6')];

  assert.equal(ran.slice(before), []);
  assert.match(listed[0] ?? '', '-A INPUT -s 192.0.2.7/32 -c 0 0 -j DROP');
  assert.match(listed[1] ?? '', '-A INPUT -s 2001:db8::7/128 -c 0 0 -j DROP');
  assert.equal(
    pids.map((pid) => pid !== undefined && firewall.isOwn(pid)),
    [knowsProcessIds(), knowsProcessIds()],
  );
});

test('are ours also if they ended before they acknowledged a change, which is an error of its own', async ({
  standing,
  standIns,
}) => {
  standIns.install(
    'iptables-nft-restore',
    'while read -r line; do [ "$line" = COMMIT ] && kill -9 $$; case $line in "# "*) echo "$line"; esac; done',
  );
  const [pid = 0] = await awake(standing);
  const firewall = await openFirewall(run, 'nft', standing);

  const failure = await firewall.restore('ipv4', ban('192.0.2.7/32')).catch((error: unknown) => error);

  assert.is(failure instanceof BanspoolError && failure.code, 'unacknowledged');
  assert.is(firewall.isOwn(pid), knowsProcessIds());
  assert.equal(
    (await iptablesRules()).filter((rule) => rule.includes('192.0.2.7')),
    [],
  );
});

test.run();
