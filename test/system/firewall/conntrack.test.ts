import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { endFlowsOf, hasFlowtable, listOffloaded } from '../../../src/system/firewall/conntrack.ts';
import { run } from '../../../src/system/processes/run.ts';
import { outputOf } from '../../support/run-program.ts';

const test = suite('flows');

const [PUBLIC, CLIENT, SERVER, OTHER] = ['203.0.113.1', '203.0.113.7', '203.0.113.8', '203.0.113.9'];

/** Connections of the namespace, `FROM>TO` each. */
async function flows(): Promise<readonly string[]> {
  const listed = await outputOf(['conntrack', '-L', '-p', 'tcp']);
  return Array.from(
    listed.matchAll(/ESTABLISHED src=(\S+) dst=(\S+)/g),
    ([, from, to]) => `${from}>${to}`,
  ).sort();
}

/** One that is answered by another address than it was sent to is translated. */
async function connect(from: string, to: string, answering = to): Promise<void> {
  const tuple = ['-s', from, '-d', to, '--sport', '40000', '--dport', '22'];
  const reply = ['-r', answering, '-q', from, '--reply-port-src', '22', '--reply-port-dst', '40000'];
  const rest = ['--state', 'ESTABLISHED', '--timeout', '600'];
  await outputOf(['conntrack', '-I', '-p', 'tcp', ...tuple, ...reply, ...rest]);
}

test('end that an address began, or answers, and no others', async () => {
  await connect(CLIENT, SERVER);
  await connect(OTHER, PUBLIC, CLIENT);
  await connect(OTHER, SERVER);

  await endFlowsOf(run, { family: 'ipv4', side: 'source', ip: CLIENT });
  const began = await flows();
  await endFlowsOf(run, { family: 'ipv4', side: 'reply-source', ip: CLIENT });

  assert.equal(began, [`${OTHER}>${PUBLIC}`, `${OTHER}>${SERVER}`]);
  assert.equal(await flows(), [`${OTHER}>${SERVER}`]);
});

test('of an address that has none end without an error, and what conntrack refuses is one', async () => {
  await endFlowsOf(run, { family: 'ipv6', side: 'source', ip: '2001:db8::7' });

  const refused = endFlowsOf(run, { family: 'ipv6', side: 'source', ip: 'nobody' });

  assert.match(String(await refused.catch((error: unknown) => error)), /conntrack -D failed \(exit 2\)/);
});

test('are passed on by no flowtable here, nor where nft is missing', async () => {
  assert.is(await hasFlowtable(run), false);
  assert.is(await hasFlowtable(() => Promise.reject(new Error('nft is not installed'))), false);
  assert.is(await listOffloaded(run, 'ipv4'), '');
});

test.run();
