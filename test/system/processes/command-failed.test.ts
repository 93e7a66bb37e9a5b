import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandFailed } from '../../../src/system/processes/command-failed.ts';
import { run } from '../../../src/system/processes/run.ts';

const test = suite('a command that failed');

const failed = (stderr: string): ReturnType<typeof commandFailed> =>
  commandFailed('iptables-nft -S', { pid: 1, exitCode: 4, stdout: '', stderr });

test('is told in its first words, without what only points to the manual', () => {
  const { message, code } = failed(
    '# Warning: legacy tables\nbad one\n\nbad two\nTry `iptables -h` for more\nbad three\nbad four\n',
  );

  assert.is(message, 'iptables-nft -S failed (exit 4): bad one; bad two; bad three');
  assert.is(code, 'command-failed');
  assert.match(failed('').message, 'no output');
});

test('for want of a part of the kernel has a code of its own', () => {
  assert.is(failed('Could not fetch rule set generation id: Protocol not supported').code, 'not-supported');
});

test('for want of rights, or of room for a message, says what helps', async () => {
  const ran = await run('setpriv', ['--bounding-set=-all', '--inh-caps=-all', 'iptables-nft', '-S']);

  assert.match(commandFailed('iptables-nft -S', ran).hint ?? '', 'CAP_NET_ADMIN');
  assert.match(failed("Can't open socket to ipset.").hint ?? '', 'CAP_NET_RAW');
  assert.match(failed('sendmsg() failed: Message too long').hint ?? '', 'wmem_max');
  assert.is(failed('No chain/target/match by that name.').hint, undefined);
});

test.run();
