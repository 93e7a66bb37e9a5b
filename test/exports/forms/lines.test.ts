import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  haproxyForm,
  nginxForm,
  plainForm,
  postfixForm,
  rspamdForm,
} from '../../../src/exports/forms/lines.ts';
import { textOf } from '../entries.ts';
import { areReceiversHere, Receiver } from '../receivers.ts';

const test = suite('forms of lines');

test('of plain entries hold nothing else, and nothing at all where nobody is banned', () => {
  assert.is(textOf(plainForm), '192.0.2.0/24\n192.0.2.7\n203.0.113.9\n2001:db8::/64\n2001:db8:1::7\n');
  assert.is(textOf(plainForm, { entries: [] }), '');
});

test('say whose file it is where the receiver knows comments', () => {
  for (const form of [haproxyForm, nginxForm, postfixForm, rspamdForm])
    assert.match(textOf(form), /^# bans\.txt, written by banspool\. .*\n192\.0\.2\.0\/24\b/);
  assert.is(textOf(rspamdForm), textOf(haproxyForm));
});

if (areReceiversHere) {
  test('are an ACL that HAProxy reads, who reads no line of other words', async () => {
    using receiver = new Receiver();
    const config = receiver.write('haproxy.cfg', HAPROXY(receiver.folder));
    receiver.write('bans.acl', textOf(haproxyForm));

    const good = await receiver.run('haproxy', '-c', '-f', config);
    receiver.write('bans.acl', `${textOf(haproxyForm)}192.0.2.0/24 1;\n`);
    const bad = await receiver.run('haproxy', '-c', '-f', config);

    assert.is(good.code, 0, good.stderr);
    assert.match(bad.stderr, 'not a valid IPv4 or IPv6 address');
  });

  test('are entries of geo that nginx reads, who reads no line of other words', async () => {
    using receiver = new Receiver();
    const config = receiver.write('nginx.conf', NGINX(receiver.folder));
    const words = ['-t', '-c', config, '-p', receiver.folder, '-e', 'stderr'];
    receiver.write('bans.geo', textOf(nginxForm));

    const good = await receiver.run('nginx', ...words);
    receiver.write('bans.geo', textOf(postfixForm));
    const bad = await receiver.run('nginx', ...words);

    assert.is(good.code, 0, good.stderr);
    assert.is(bad.code, 1);
  });

  test('are a table by which Postfix rejects who is banned and nobody else', async () => {
    using receiver = new Receiver();
    receiver.write('main.cf', POSTFIX);
    const table = `cidr:${receiver.write('bans.cidr', textOf(postfixForm))}`;
    const clients = [
      '192.0.2.200',
      '203.0.113.9',
      '203.0.113.10',
      '2001:db8::1',
      '2001:db8:1::7',
      '2001:db8:1::8',
    ];

    const answers = await Promise.all(
      clients.map(
        async (client) => (await receiver.run('postmap', '-c', receiver.folder, '-q', client, table)).stdout,
      ),
    );

    assert.equal(answers, ['REJECT\n', 'REJECT\n', '', 'REJECT\n', 'REJECT\n', '']);
  });
} else test('want the receivers of the lab, by .ci/fetch-lab', () => undefined);

const HAPROXY = (folder: string): string => `defaults
 mode http
 timeout connect 1s
 timeout client 1s
 timeout server 1s
frontend web
 bind 127.0.0.1:8080
 acl banned src -f ${folder}/bans.acl
 http-request deny if banned
`;

const NGINX = (folder: string): string => `pid ${folder}/pid;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path ${folder}/temp;`).join('\n')}
  geo $banned { default 0; include ${folder}/bans.geo; }
  server { listen 127.0.0.1:8080; if ($banned) { return 403; } }
}
`;

/** With accounts that every machine has: Postfix wants two, and looks neither up for a table. */
const POSTFIX =
  'compatibility_level = 3.6\nmail_owner = mail\nsetgid_group = daemon\nmyhostname = mx.example.net\n';

test.run();
