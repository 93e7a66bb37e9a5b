/** The calls of the "Centralized fail2ban" article, and sshguard's program: names that lead to banspool-send. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { ACTIONS, NOW_MS, Sender, SHELLS } from './sender.ts';

const article = suite("the article's scripts");

for (const shell of SHELLS) {
  article(
    `banip.sh and unbanip.sh queue what the article has them do, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();

      const ban = await sender.run(['fail2ban-ssh', '203.0.113.7', 'ssh,2222', 'tcp'], {
        script: 'banip.sh',
        shell,
      });
      sender.setClock(NOW_MS + 1000);
      const unban = await sender.run(['fail2ban-ssh', '203.0.113.7'], { script: 'unbanip.sh', shell });

      assert.equal([ban, unban], Array(2).fill({ code: 0, stdout: '', stderr: '' }));
      const ip = netOf('203.0.113.7');
      assert.equal(sender.intents, [
        {
          ...{ intent: 'ban', jail: 'ssh', ip, time: NOW_MS, until: Infinity },
          ...{ ports: '22,2222', protocols: 'tcp', failures: 0 },
        },
        { intent: 'unban', jail: 'ssh', ip, time: NOW_MS + 1000 },
      ]);
    },
  );
}

article('with another number of words they tell what they need', async () => {
  await using sender = new Sender();

  const ban = await sender.run(['fail2ban-ssh', '203.0.113.7'], { script: 'banip.sh' });
  const unban = await sender.run(['fail2ban-ssh'], { script: 'unbanip.sh' });

  assert.equal(ban, { code: 2, stdout: '', stderr: 'Usage: banip.sh CHAIN IP PORTS PROTOCOL\n' });
  assert.equal(unban, { code: 2, stdout: '', stderr: 'Usage: unbanip.sh CHAIN IP\n' });
});

article('what they are given is checked as that of fail2ban is', async () => {
  await using sender = new Sender();

  const ban = await sender.run(['fail2ban-ssh', '$(id)', 'ssh', 'tcp'], { script: 'banip.sh' });

  assert.is(ban.code, 2);
  assert.equal(sender.waiting, []);
});

article(
  'sshg-fw-banspool takes a place among the programs of sshguard, and the words of sshguard',
  async () => {
    await using sender = new Sender();
    const place = join(sender.folder, 'libexec');
    fs.mkdirSync(place);
    for (const name of ['sshg-fw-banspool', 'banspool-send']) {
      fs.copyFileSync(join(ACTIONS, name), join(place, name));
    }

    const ran = await sender.run([], {
      script: join(place, 'sshg-fw-banspool'),
      input: 'flushonexit\nblock 203.0.113.7 4 32\n',
    });

    assert.is(ran.code, 0, ran.stderr);
    assert.equal(sender.intents.map(({ intent }) => intent).sort(), ['ban', 'start', 'stop']);
  },
);

article.run();
