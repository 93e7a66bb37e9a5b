/** A ban that would drop nothing is refused, with what lets the address in. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf } from '../../support/run-program.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('an operator');

test('who bans what is never dropped is told one thing, and nothing is written', async () => {
  await using sandbox = await Sandbox.open({ config: { families: '[ipv4]' } });
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24, note: office }\n');
  const parts: readonly (readonly [address: string, words: readonly string[], reason: string])[] = [
    ['127.0.0.1', ['--confirm', '2m'], 'it is inside 127.0.0.0/8, which is loopback'],
    ['127.0.0.0/8', ['--force'], 'it is loopback'],
    ['::ffff:127.0.0.1', ['--wait'], 'it is inside 127.0.0.0/8, which is loopback'],
    ['192.0.2.0/24', [], 'it is allowed by policy.yaml line 2 (office)'],
    [
      '192.0.2.9/25',
      ['--wait'],
      'it is inside 192.0.2.0/24, which is allowed by policy.yaml line 2 (office)',
    ],
    ['2001:db8::7', [], 'the config does not list ipv6 in families'],
  ];

  for (const [address, words, reason] of parts) {
    const { code, stdout, stderr } = await sandbox.cli('ban', address, ...words);

    assert.equal([code, stdout], [1, ''], address);
    const [error = '', hint = '', ...others] = stderr.trimEnd().split('\n');
    assert.is(error, `banspool: error: "${address}" would not be dropped: ${reason}`);
    assert.match(hint, /^banspool: hint: (nothing was written|remove that line from )/);
    assert.equal(others, []);
  }
  assert.equal(sandbox.waiting(), []);
});

test('who bans an address of the firewall itself is told so, also with --force, and nothing is written', async () => {
  await using sandbox = await Sandbox.open();
  const own = ['198.51.100.1', '2001:db8::1'];
  for (const address of own) await outputOf(['ip', 'address', 'add', address, 'dev', 'lo']);
  try {
    // A host's own form and mask are the same address.
    for (const address of [...own, '198.51.100.1/32', '::ffff:198.51.100.1', '2001:DB8:0::1/128'])
      for (const words of [['--force'], ['--confirm', '2m', '--wait']]) {
        const { code, stdout, stderr } = await sandbox.cli('ban', address, ...words);

        assert.equal([code, stdout], [1, ''], `${address} ${words.join(' ')}`);
        assert.match(
          stderr,
          /^banspool: error: "\S+" would not be dropped: it (is inside \S+, which )?is the firewall's own address\nbanspool: hint: nothing was written: banspool never drops it\n$/,
        );
      }
    assert.equal(sandbox.waiting(), []);
  } finally {
    for (const address of own) await outputOf(['ip', 'address', 'delete', address, 'dev', 'lo']);
  }
});

test.run();
