import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJailPorts } from '../../src/intent/jail-ports.ts';
import { formatPorts } from '../../src/domain/ports.ts';
import { parseServices } from '../../src/domain/services.ts';

const jailPorts = suite('the ports of a jail');

const services = parseServices('');

const read = (text: string): string => {
  const { ports, warning } = readJailPorts(text, services);
  return warning === undefined
    ? formatPorts(ports)
    : `${formatPorts(ports)}, ${warning.split(' is ')[0] ?? ''}`;
};

jailPorts('words for all ports, and none at all, are all ports', () => {
  const results = ['', ' ', ',', 'all', 'any', 'AnyPort', '0', '0,22', '22 all', '0:65535'].map(read);

  assert.equal(new Set(results), new Set(['all']));
});

jailPorts('blanks, and commas with nothing behind them, are as good as commas', () => {
  const results = ['22 80', '22,', ' ,22 , 80,,', '8000-8010\t22', 'ssh http'].map(read);

  assert.equal(results, ['22,80', '22', '22,80', '22,8000:8010', '22,80']);
});

jailPorts('a word that is no port makes all ports of them, and is named', () => {
  const results = ['sshd', '22,nope', '65536', '30:20', '22:', '-1', '1:2:3', '0x16', '２２'].map(read);

  assert.equal(
    results,
    ['sshd', 'nope', '65536', '30:20', '22:', '-1', '1:2:3', '0x16', '２２'].map(
      (word) => `all, ports: "${word}"`,
    ),
  );
});

jailPorts.run();
