import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ADOPTED, ESCALATION, OPERATOR } from '../../src/domain/names.ts';
import { isSenderName, isServerName, originOf, reservedNames } from '../../src/domain/origin.ts';

const origin = suite('origin');

origin('a server sends files, is limited, and lifts nothing but its own bans', () => {
  const { kind, isSender, isTrusted, liftsOthers, isLimited } = originOf('web1');

  assert.equal([kind, isSender, isTrusted, liftsOthers, isLimited], ['server', true, false, false, true]);
});

origin('an operator is trusted, and lifts what any server claims', () => {
  const { kind, isSender, isTrusted, liftsOthers, isLimited } = originOf(OPERATOR);

  assert.equal([kind, isSender, isTrusted, liftsOthers, isLimited], ['operator', true, true, true, true]);
});

origin('what was adopted has no folder in the spool, and no limit', () => {
  const { kind, isSender, isTrusted, liftsOthers, isLimited } = originOf(ADOPTED);

  assert.equal([kind, isSender, isTrusted, liftsOthers, isLimited], ['adopted', false, false, false, false]);
});

origin('what rules of escalation ban has no folder in the spool, no limit, and lifts nothing', () => {
  const { kind, isSender, isTrusted, liftsOthers, isLimited } = originOf(ESCALATION);

  assert.equal(
    [kind, isSender, isTrusted, liftsOthers, isLimited],
    ['escalation', false, false, false, false],
  );
});

origin('a name that merely resembles a reserved one is a server’s', () => {
  for (const name of ['local1', 'local.', 'adopted-1', 'escalation.', 'constructor']) {
    assert.is(originOf(name).kind, 'server');
    assert.ok(isServerName(name) && isSenderName(name));
  }
});

origin('a server or an operator behind a peer sends no files and is limited, and the operator lifts', () => {
  const [server, operator] = ['fw2/web1', 'fw2/local'].map(originOf);

  assert.equal(server, {
    kind: 'peer',
    isSender: false,
    isTrusted: false,
    liftsOthers: false,
    isLimited: true,
  });
  assert.equal(operator, {
    kind: 'peer',
    isSender: false,
    isTrusted: false,
    liftsOthers: true,
    isLimited: true,
  });
  assert.equal(
    ['fw2/adopted', 'local/web1', 'fw2/notlocal'].map((name) => originOf(name).liftsOthers),
    [...[false, false, false]],
  );
  assert.not.ok(['fw2/web1', 'fw2/local'].some((name) => isServerName(name) || isSenderName(name)));
});

origin('no server can have a reserved name, and only the operator’s is a folder in the spool', () => {
  assert.equal(reservedNames(), [OPERATOR, ADOPTED, ESCALATION]);
  assert.equal(reservedNames().filter(isServerName), []);
  assert.equal(reservedNames().filter(isSenderName), [OPERATOR]);
});

origin('what cannot be the name of a folder is nobody’s', () => {
  for (const name of ['', '.git', 'Web1', '-web', 'a'.repeat(64), 'web/1']) {
    assert.not(isServerName(name) || isSenderName(name));
  }
});

origin.run();
