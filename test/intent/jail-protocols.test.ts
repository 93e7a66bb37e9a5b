import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJailProtocols } from '../../src/intent/jail-protocols.ts';

const jailProtocols = suite('the protocols of a jail');

const read = (text: string): string => {
  const { protocols, warning } = readJailProtocols(text);
  return warning === undefined ? protocols : `${protocols}, ${warning.split(' is ')[0] ?? ''}`;
};

jailProtocols('names in any letters, numbers and lists of both are read', () => {
  const results = ['TCP', '6', '17', '132', '33', '1', '58', 'ipv6-icmp', '0', 'any', 'udp 6,', '17,udp'].map(
    read,
  );

  assert.equal(results, [
    ...['tcp', 'tcp', 'udp', 'sctp', 'dccp', 'icmp', 'icmp', 'icmp', 'all', 'all'],
    ...['tcp,udp', 'udp'],
  ]);
});

jailProtocols('nothing is tcp', () => {
  assert.equal(['', ' ', ','].map(read), ['tcp', 'tcp', 'tcp']);
});

jailProtocols('a word that is no protocol makes all of them, and is named', () => {
  assert.equal(['gre', 'tcp/udp', 'tcp,!udp', '47', '06'].map(read), [
    'all, protocol: "gre"',
    'all, protocol: "tcp/udp"',
    'all, protocol: "!udp"',
    'all, protocol: "47"',
    'all, protocol: "06"',
  ]);
});

jailProtocols.run();
