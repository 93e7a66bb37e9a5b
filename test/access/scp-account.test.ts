import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  formatScpFile,
  formatScpLimits,
  formatScpMatch,
  MAX_SCP_NAME,
  parseScpMatches,
  scpAccountOf,
  type ScpServer,
} from '../../src/access/scp-account.ts';

const accounts = suite('an account for scp');

const serverName = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,22}$/);

const scpServer: fc.Arbitrary<ScpServer> = serverName.map((server) => ({
  server,
  spool: '/var/spool/banspool',
  keysFile: `/etc/ssh/banspool/${server}.keys`,
}));

accounts('has a name that useradd takes, and each server one of its own', () => {
  fc.assert(
    fc.property(serverName, serverName, (a, b) => {
      assert.match(scpAccountOf(a), /^[a-z][a-z0-9_-]{0,31}$/);
      assert.is(scpAccountOf(a) === scpAccountOf(b), a === b);
    }),
  );
});

accounts('is as long as accounts may be for the longest name', () => {
  assert.is(scpAccountOf('x'.repeat(MAX_SCP_NAME)).length, 32);
});

accounts('can do nothing but write files into the folder of its server', () => {
  const block = formatScpMatch({
    server: 'web1.example',
    spool: '/var/spool/banspool',
    keysFile: '/etc/ssh/keys/web1',
  });

  assert.is(
    block,
    `Match User banspool-web1_example
  ChrootDirectory /var/spool/banspool
  ForceCommand internal-sftp -d /web1.example -u 022 -p open,close,write,stat,lstat,fstat,realpath,limits,expand-path
  AuthorizedKeysFile /etc/ssh/keys/web1
  AuthenticationMethods publickey
  DisableForwarding yes
  PermitTTY no
  PermitUserRC no
`,
  );
});

accounts('is known again from the file that lists all', () => {
  fc.assert(
    fc.property(fc.array(scpServer), (servers) => {
      assert.equal(parseScpMatches(formatScpFile(servers)), servers);
    }),
  );
});

accounts('that somebody else wrote is none of ours', () => {
  const text = `Match User backup\n  ForceCommand internal-sftp -d /backup\n${formatScpFile([])}Match all\n  X11Forwarding no\n`;

  assert.equal(parseScpMatches(text), []);
});

accounts('writes no file that is larger than an intent may be', () => {
  const servers = ['web1', 'a.b'].map((server) => ({ server, spool: '/s', keysFile: '/k' }));

  assert.is(formatScpLimits(servers), 'banspool-web1 hard fsize 4096\nbanspool-a_b hard fsize 4096\n');
});

accounts.run();
