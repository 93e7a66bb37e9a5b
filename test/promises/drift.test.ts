/** Promises 1 and 2: from any ruleset one pass reaches the desired one, and what is foreign stays as it was. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Family } from '../../src/domain/net.ts';
import type { Variant } from '../../src/domain/variant.ts';
import { countGenerations } from '../support/count-generations.ts';
import { iptables, iptablesRules, restoreTable } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { countPlanned, makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('drift');

const BANNED: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ['198.51.100.7', '198.51.100.8', '203.0.113.0/24'],
  ipv6: ['2001:db8::7', '2001:db8::8', '2001:db8:1::/64'],
};

/** Each is done to a converged firewall as `iptables ARGUMENTS`. */
const DRIFTS: Readonly<Record<string, readonly string[]>> = {
  'a chain that was flushed': ['-F fail2ban-sshd'],
  'a whole table that was flushed': ['-F'],
  'a whole table that was flushed and its chains deleted': ['-F', '-X'],
  'a jump that is gone': ['-D INPUT -p tcp -m multiport --dports 22 -j fail2ban-sshd'],
  'a jump that stands twice': ['-A INPUT -p tcp -m multiport --dports 22 -j fail2ban-sshd'],
  'a jump that something was put ahead of': ['-I INPUT -p tcp --dport 22 -j ACCEPT'],
  'a jump that was moved to the end': [
    '-D FORWARD -p tcp -m multiport --dports 22 -j fail2ban-sshd',
    '-A FORWARD -p tcp -m multiport --dports 22 -j fail2ban-sshd',
  ],
  'a jump to our chain from a hook that is none': ['-A OUTPUT -p udp -j fail2ban-sshd'],
  'a jump with matches of its own': [
    '-A INPUT -i lo -m comment --comment "it\'s \\"ours\\"" -j fail2ban-mail',
  ],
  'an accept inside our chain': ['-I fail2ban-sshd -j ACCEPT'],
  'a rule inside our chain with a comment': ['-A fail2ban-sshd -p udp -m comment --comment "a b" -j LOG'],
  'a rule inside our chain that iptables does not find by what it prints of it': [
    '-I fail2ban-sshd -m recent --name mine --set -j DROP',
  ],
  'a return that is gone': ['-D fail2ban-sshd -j RETURN'],
  'a return that came too early': ['-I fail2ban-sshd -j RETURN'],
  'a chain that was deleted': ['-F INPUT', '-F FORWARD', '-F fail2ban-mail', '-X fail2ban-mail'],
  'a stray chain': ['-N fail2ban-stray', '-A fail2ban-stray -j DROP', '-I INPUT -j fail2ban-stray'],
  'stray chains that lead to each other': [
    '-N fail2ban-a',
    '-N fail2ban-b',
    '-A fail2ban-a -j fail2ban-b',
    '-A fail2ban-sshd -j fail2ban-a',
  ],
  'jumps in the wrong order': [
    '-D INPUT -p tcp -m multiport --dports 22 -j fail2ban-sshd',
    '-I INPUT -p tcp -m multiport --dports 22 -j fail2ban-sshd',
  ],
};

for (const variant of ['nft', 'legacy'] as const) {
  for (const family of ['ipv4', 'ipv6'] as const) {
    test(`of every kind is healed by one pass, and a second one changes nothing (${variant}, ${family})`, async () => {
      await using sandbox = await Sandbox.open({ config: { iptables: variant } });
      await restoreTable(FOREIGN[family], { family, variant });
      for (const ip of BANNED[family]) sandbox.drop('web1', banText(`"${ip}"`));
      sandbox.drop('web1', banText(`"${BANNED[family][0] ?? ''}"`, { jail: 'mail', ports: '25,587' }));
      const world = worldOf(sandbox);
      await makePass(world);
      const good = await iptablesRules({ family, variant });
      const goodForeign = foreignLines(good);

      for (const [name, commands] of Object.entries(DRIFTS)) {
        for (const command of commands) await iptables(splitWords(command), { family, variant });
        const foreign = await foreignOf({ family, variant });

        const healed = await makePass(world);

        assert.equal(healed.problems, [], name);
        const after = await iptablesRules({ family, variant });
        assert.equal(foreignLines(after), foreign, name);
        assert.equal(ourLines(after).toSorted(), ourLines(good).toSorted(), name);
        assert.is(await countPlanned(world), 0, name);
        if (JSON.stringify(foreign) !== JSON.stringify(goodForeign)) {
          await restoreTable(FOREIGN[family], { family, variant });
          await makePass(world);
        }
      }

      assert.equal(await iptablesRules({ family, variant }), good);
      // iptables-legacy leaves no trace of a transaction; that its plan is empty was asserted for each.
      if (variant === 'nft') assert.is(await countGenerations(() => makePass(world)), 0);
    });

    test(`leaves foreign rules, chains, policies and counters as they were (${variant}, ${family})`, async () => {
      await using sandbox = await Sandbox.open({ config: { iptables: variant } });
      await restoreTable(FOREIGN[family], { family, variant });
      await restoreTable(NAT[family], { family, variant });
      const before = await iptablesRules({ family, variant, counters: true });
      const natBefore = await iptablesRules({ family, variant, name: 'nat', counters: true });

      const world = worldOf(sandbox);
      for (const ip of BANNED[family]) sandbox.drop('web1', banText(`"${ip}"`));
      await makePass(world);
      const during = await foreignOf({ family, variant, counters: true });
      for (const ip of BANNED[family]) sandbox.drop('web1', unbanText(`"${ip}"`));
      await makePass(world);

      assert.equal(comparable(during, variant), comparable(before, variant));
      const after = await iptablesRules({ family, variant, counters: true });
      assert.equal(comparable(after, variant), comparable(before, variant));
      assert.equal(await iptablesRules({ family, variant, name: 'nat', counters: true }), natBefore);
    });
  }
}

/** iptables-legacy sets the counters of the built-in policies to zero at any change, whoever makes it. */
function comparable(lines: readonly string[], variant: Variant): readonly string[] {
  if (variant === 'nft') return lines;
  return lines.map((line) => (line.startsWith('-P') ? line.replace(/ -c \d+ \d+$/, '') : line));
}

interface Subject {
  readonly family: Family;
  readonly variant: Variant;
  readonly counters?: boolean;
}

async function foreignOf(subject: Subject): Promise<readonly string[]> {
  return foreignLines(await iptablesRules(subject));
}

function foreignLines(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.includes('fail2ban-'));
}

function ourLines(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.includes('fail2ban-'));
}

function splitWords(text: string): readonly string[] {
  return (text.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? []).map((word) =>
    word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word,
  );
}

/** As docker, ufw and firewalld's direct rules write them, with policies, counters, comments and quotes. */
const COMMON = `
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
:DOCKER-FORWARD - [0:0]
:ufw-before-input - [0:0]
:ufw-user-input - [0:0]
:ufw-logging-deny - [0:0]
:INPUT_direct - [0:0]
:f2b-sshd - [0:0]
[3:180] -A INPUT -j ufw-before-input
[0:0] -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
[7:420] -A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd
[0:0] -A INPUT -j INPUT_direct
[1:2] -A FORWARD -j DOCKER-USER
[0:0] -A FORWARD -j DOCKER-FORWARD
[0:0] -A DOCKER-FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
[0:0] -A DOCKER-FORWARD -i docker0 ! -o docker0 -j ACCEPT
[9:900] -A DOCKER-USER -j RETURN
[0:0] -A ufw-user-input -p tcp -m tcp --dport 443 -m comment --comment "it's \\"quoted\\" \\\\ and -c 1 2 -j DROP" -j ACCEPT
[0:0] -A ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
[0:0] -A INPUT_direct -m mark --mark 0x1/0xff -j REJECT
[5:50] -A f2b-sshd -j RETURN
COMMIT
`;
const FOREIGN: Readonly<Record<Family, string>> = {
  ipv4: `*filter\n:INPUT ACCEPT [12:3456]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [1:1]${COMMON}`,
  ipv6: `*filter\n:INPUT DROP [12:3456]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [1:1]${COMMON}`,
};
const NAT: Readonly<Record<Family, string>> = {
  ipv4: '*nat\n:DOCKER - [0:0]\n[2:2] -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.0.2.2:80\nCOMMIT\n',
  ipv6: '*nat\n:DOCKER - [0:0]\n[2:2] -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\nCOMMIT\n',
};

test.run();
