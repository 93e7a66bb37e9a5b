/** What doctor says of failed logins from where servers are. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gateWith } from '../support/fake-gate.ts';
import { complaintsOf } from './complaints.ts';

const door = suite('the door');

const PENALTIES = 'crash:90 authfail:5 noauth:1 grace-exceeded:10 refuseconnection:10 max:600 min:15';

for (const [exempt, list] of [
  ['none', '203.0.113.11'],
  ['198.51.100.0/24,2001:db8::/32', '203.0.113.11'],
] as const) {
  door(`shuts for a while after failed logins where sshd spares ${exempt}`, async () => {
    const gate = await gateWith('rsync');

    gate.sshd.set('persourcepenalties', PENALTIES).set('persourcepenaltyexemptlist', exempt);

    assert.equal(await complaintsOf(gate), [
      'warn sshd refuses a server for some time after failed logins from its address (PerSourcePenalties)' +
        ` | add PerSourcePenaltyExemptList ${list} to /etc/ssh/sshd_config.d/servers.conf, then run systemctl reload ssh`,
    ]);
  });
}

for (const [penalties, exempt] of [
  ['no', 'none'],
  [PENALTIES, '203.0.113.0/24'],
  [PENALTIES, '2001:db8::/32,203.0.113.11'],
] as const) {
  door(
    `stays open after failed logins where sshd has penalties ${penalties} and spares ${exempt}`,
    async () => {
      const gate = await gateWith('rsync');

      gate.sshd.set('persourcepenalties', penalties).set('persourcepenaltyexemptlist', exempt);

      assert.equal(await complaintsOf(gate), []);
    },
  );
}

door.run();
