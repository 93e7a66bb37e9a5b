/**
 * The peer that banspool replaces: what the article's banip.sh does on the firewall, written again from its
 * description. The ssh session around it, which every ban pays there, is left out.
 */
import { clearFirewall } from '../support/firewall.ts';
import { timeEach, tool } from './bare.ts';
import { crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';

/** CHAIN IP PORTS PROTOCOL: makes the chain where there is none, and blocks whom it does not block yet. */
const BANIP = `
iptables -v -n -L FORWARD | grep -Ewq "$1" || {
  iptables -N "$1"
  iptables -A "$1" -j RETURN
  for hook in FORWARD INPUT; do iptables -I $hook -p "$4" -m multiport --dports "$3" -j "$1"; done
}
iptables -v -n -L "$1" | grep -Ewq "$2" || iptables -I "$1" 1 -s "$2" -j DROP
`;

const ROUNDS = 30;

export async function article(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const there of [0, 1_000]) {
    await clearFirewall();
    await banip('192.0.2.1');
    const rules = crowd(there).map((ip) => `-A fail2ban-ssh -s ${ip} -j DROP\n`);
    await tool('iptables-nft-restore', ['--noflush'], `*filter\n${rules.join('')}COMMIT\n`);
    const samples = await timeEach(ROUNDS, (index) => banip(`198.18.0.${index}`));
    figures.push(
      figureOf(`the article's script without its ssh, ${there.toLocaleString('en-US')} there`, samples),
    );
  }
  await clearFirewall();
  return figures;
}

const banip = async (ip: string): Promise<string> =>
  tool('sh', ['-es', 'fail2ban-ssh', ip, '22', 'tcp'], BANIP);
