import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isPortsText, isProtocolsText } from '../../src/claims/scope-text.ts';

const scopes = suite('ports and protocols in the state');

scopes('are numbers, ranges and all, and no names, which may mean another thing tomorrow', () => {
  const taken = ['22', '22,8000:8010', 'all'].map(isPortsText);
  const refused = ['', 'ssh', '22, 80', '65536', '22;', 'ALL'].map(isPortsText);

  assert.equal([taken, refused], [Array(3).fill(true), Array(6).fill(false)]);
});

scopes('are one protocol or several, without blanks', () => {
  const taken = ['tcp', 'tcp,udp', 'all', 'icmp'].map(isProtocolsText);
  const refused = ['', 'tcp udp', 'tcp, udp', 'udplite', 'TCP'].map(isProtocolsText);

  assert.equal([taken, refused], [Array(4).fill(true), Array(5).fill(false)]);
});

scopes.run();
