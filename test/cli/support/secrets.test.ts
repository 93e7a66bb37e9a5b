import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withoutSecrets } from '../../../src/cli/support/secrets.ts';

const test = suite('a text for others');

/** A secret, and where it may stand. */
const PLACES = [
  'password: hunter2-hunter2',
  '  - { user: anna, "smtpPassword" : "hunter2-hunter2", port: 25 }',
  "API_KEY='hunter2-hunter2'",
  'api-key = hunter2-hunter2 and more',
  'pass: hunter2-hunter2',
  'password: |\n    hunter2-hunter2\n\n    hunter2-hunter2\nnext: 1',
  'passphrase:\n  hunter2-hunter2\nnext: 1',
  'redis://fw1:hunter2-hunter2@hub:6379',
  'smtps://anna:hunter2-hunter2/@x@mail.example.net:465',
  'https://hooks.example.com/services/T0/hunter2-hunter2',
  'https://user:hunter2-hunter2@example.com/',
  'cannot send to https://ntfy.example.com/a?auth=hunter2-hunter2: 403',
  'Authorization: Bearer hunter2-hunter2',
  'sent header Bearer hunter2-hunter2',
  '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2-hunter2\n-----END OPENSSH PRIVATE KEY-----\nnext: 1',
  '-----BEGIN PRIVATE KEY-----\nhunter2-hunter2',
  'command: [/usr/bin/tell, --key, hunter2-hunter2]',
  'command:\n- /usr/bin/tell\n- hunter2-hunter2\nnext: 1',
  '    slack: { by: slack, url: https://hooks.slack.com/services/T0/B0/hunter2-hunter2 }',
  'x-auth-token: hunter2-hunter2',
];

for (const place of PLACES) {
  test(`has no secret of ${JSON.stringify(place.slice(0, 40))}`, () => {
    const text = withoutSecrets(`before: 1\n${place}`);

    assert.not.match(text, 'hunter2');
    assert.match(text, 'before: 1\n');
    assert.match(text, '[removed]');
    if (place.endsWith('next: 1')) assert.match(text, /\nnext: 1$/);
  });
}

test('is otherwise as it was', () => {
  const text = [
    'spool: /var/spool/banspool',
    'remote: ssh://banspool-hub@hub/srv/fleet.git',
    'key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ anna@desk',
    '"lastPass": { "kind": "full" },',
    'last pass   now, took 175 ms, 12 changes',
    '-A fail2ban-sshd -s 203.0.113.7/32 -j DROP',
    '',
  ].join('\n');

  assert.is(withoutSecrets(text), text);
  assert.is(withoutSecrets(''), '');
});

test.run();
