/** The engine as a firewall has it: over TLS, with the rights that docs/fleet.md gives to one. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FleetConfig } from '../../../src/config/config.ts';
import { encodePeerList, PEER_LIST } from '../../../src/fleet/peer-list.ts';
import type { Engine } from '../../../src/mover/mover.ts';
import { openValkey } from '../../../src/mover/valkey/open-valkey.ts';
import { readSecret } from '../../../src/system/files/read-secret.ts';
import { connectValkey } from '../../../src/system/valkey.ts';
import { eventually } from '../../support/eventually.ts';
import { outputOf } from '../../support/run-program.ts';
import { valkeyReleases, ValkeyServerProcess } from '../../support/valkey-server.ts';
import { failureOf, fleetOf, inboxOf, MOVER_WORLD, publish } from '../mover-suite.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../../docs/fleet.md'), 'utf8');

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Runs what docs/fleet.md has for the hub, with paths of its own; returns the lines of the server's configuration. */
async function setUpAsDocumented(folder: string): Promise<readonly string[]> {
  const block = /^apt install valkey-server\n([^]*?)^chgrp /m.exec(PAGE)?.[1] ?? '';
  for (const name of ['fw1', 'fw2']) {
    const hash = createHash('sha256').update(`password of ${name}`).digest('hex');
    writeFileSync(join(folder, `${name}.hash`), `${hash}\n`);
  }
  await outputOf(['sh', '-euc', `cd ${folder}\n${block.replaceAll('/etc/valkey', folder)}`]);
  const lines = readFileSync(join(folder, 'valkey.conf'), 'utf8').trimEnd().split('\n');
  assert.ok(lines.includes('tls-port 6379') && lines.includes('port 0'));
  // The port in the clear is for the person who looks at it.
  return lines.filter((line) => !line.startsWith('port '));
}

/** An authority, a server that it signed, a firewall that it signed, and an authority that signed nothing. */
async function makeCertificates(folder: string): Promise<void> {
  mkdirSync(folder);
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  await outputOf([
    'sh',
    '-ec',
    `cd ${folder}
    for name in ca other; do
      openssl req -x509 ${key} -keyout $name.key -out $name.pem -days 2 -subj /CN=$name
    done
    for name in hub fw1; do
      openssl req ${key} -keyout $name.key -out $name.csr -subj /CN=$name
      echo subjectAltName=DNS:localhost >ext
      openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out $name.crt
    done
    cat fw1.crt fw1.key >fw1.pem; chmod 600 fw1.pem`,
  ]);
}

class Site implements AsyncDisposable {
  readonly folder: string;
  readonly server: ValkeyServerProcess;
  readonly #engines: Engine[] = [];

  private constructor(folder: string, server: ValkeyServerProcess) {
    this.folder = folder;
    this.server = server;
  }

  static async build(
    release: ReturnType<typeof valkeyReleases>[number],
    lines: (folder: string) => readonly string[] = () => [],
  ) {
    const folder = mkdtempSync(join(tmpdir(), 'banspool-engine-'));
    const certificates = join(folder, 'tls');
    await makeCertificates(certificates);
    const documented = await setUpAsDocumented(certificates);
    const path = join(certificates, 'users.acl');
    const server = await ValkeyServerProcess.startWithUsers(release, {
      path,
      lines: [...documented, ...lines(certificates)],
    });
    return new Site(folder, server);
  }

  /** The engine of a firewall, with what its config says beside that. */
  open(name: string, more: Partial<FleetConfig> = {}): Engine & { readonly fleet: FleetConfig } {
    const remote = `rediss://${name}@localhost`;
    const tls = join(this.folder, 'tls');
    const fleet: FleetConfig = {
      ...fleetOf({ folder: this.folder, hub: '' }, name),
      ...{ engine: 'valkey', ca: join(tls, 'ca.pem'), ...more },
    };
    writeFileSync(fleet.password, `password of ${name}\n`, { mode: 0o600 });
    publish(fleet, 1, { 'ipv4/203.yaml': `by ${name}\n` });
    writeFileSync(join(fleet.folder, 'out', PEER_LIST), encodePeerList(['fw1', 'fw2']));
    const world = { ...MOVER_WORLD, log: SILENT };
    const engine = openValkey(world, { fleet, remote, connectValkey, readSecret });
    this.#engines.push(engine);
    return { ...engine, fleet };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const engine of this.#engines) engine.close();
    await this.server[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true });
  }
}

const test = suite('the engine valkey');

for (const release of valkeyReleases()) {
  test(`brings publications and rings over TLS, with the rights of docs/fleet.md: ${release}`, async () => {
    await using site = await Site.build(release);
    const [one, other] = [site.open('fw1'), site.open('fw2')];
    let heard = 0;
    const ended: string[] = [];
    const bell = other.openBell({ heard: () => (heard += 1), ended: (why) => ended.push(why) });
    await eventually(() => {
      assert.is(heard, 1);
    });

    await one.push();
    await eventually(() => {
      assert.is(heard, 2);
    });
    await other.fetch();
    // It also looks after what it published, and takes away what is gone.
    await other.push();
    await other.fetch();
    publish(one.fleet, 2, {});
    await one.push();
    bell?.close();

    assert.is(inboxOf(other.fleet, 'fw1')['ipv4/203.yaml'], 'by fw1\n');
    assert.is(await site.server.cli('EXISTS', 'banspool:fw1:ipv4/203.yaml'), '0');
    assert.equal(ended, []);
  });

  test(`has no right to anything else: ${release}`, async () => {
    await using site = await Site.build(release);
    await site.server.cli('SET', 'banspool:fw2:index', 'x');
    await site.server.cli('SET', 'another', 'x');
    const { port } = site.server;
    const own = { host: '127.0.0.1', port, user: 'fw1', password: 'password of fw1', tls: undefined };
    const connection = await connectValkey(own);
    const refused = [
      ...[
        ['SET', 'banspool:fw2:index', 'y'],
        ['DEL', 'banspool:fw2:index'],
        ['SET', 'another', 'y'],
      ],
      ...[
        ['GETRANGE', 'another', 0, 1],
        ['EXISTS', 'another'],
        ['SET', 'banspool:fw10:index', 'y'],
      ],
      ...[
        ['FLUSHALL'],
        ['FLUSHDB'],
        ['KEYS', '*'],
        ['SCAN', 0],
        ['CONFIG', 'GET', '*'],
        ['ACL', 'LIST'],
        ['INFO'],
      ],
      ...[
        ['EVAL', 'return 1', 0],
        ['RENAME', 'banspool:fw1:index', 'banspool:fw2:index'],
        ['MONITOR'],
        ['SHUTDOWN'],
      ],
      ...[
        ['EXPIRE', 'banspool:fw1:index', 1],
        ['PUBLISH', 'another', 'x'],
        ['CLIENT', 'LIST'],
        ['SELECT', 1],
      ],
      ...[
        ['COPY', 'banspool:fw2:index', 'banspool:fw1:index'],
        ['REPLICAOF', 'NO', 'ONE'],
      ],
    ] as const;

    const replies = await connection.ask(refused.map(([name, ...words]) => [name, ...words]));
    const subscribed = await failureOf(connection.subscribe('another', () => undefined));
    connection.close();

    for (const [place, reply] of replies.entries())
      assert.match(String(reply), 'NOPERM', String(refused[place]));
    assert.match(subscribed, 'NOPERM');
    assert.is(await site.server.cli('GET', 'banspool:fw2:index'), 'x');
  });
}

const [release] = valkeyReleases();
if (release !== undefined)
  test('believes only the authority that it is given, and shows a certificate to who asks for one', async () => {
    await using site = await Site.build(release, (folder) => [
      ...['tls-auth-clients yes', `tls-ca-cert-file ${folder}/ca.pem`],
    ]);
    const own = join(site.folder, 'tls/fw1.pem');
    const [right, stranger] = [site.open('fw1', { certificate: own }), site.open('fw2')];
    const wrong = site.open('fw1', { certificate: own, ca: join(site.folder, 'tls/other.pem') });
    const system = site.open('fw1', { certificate: own, ca: undefined });

    const failures = [await failureOf(wrong.push()), await failureOf(system.push())];
    const refused = await failureOf(stranger.push());
    const done = await right.push();

    for (const failure of failures) assert.match(failure, /localhost:6379: .*certificate/);
    assert.match(refused, 'localhost:6379: ');
    assert.is(done, true);
  });

if (release !== undefined)
  test('tells that the password is wrong, and takes the right one without being started again', async () => {
    await using site = await Site.build(release);
    const one = site.open('fw1');
    writeFileSync(one.fleet.password, 'another\n');
    const wrong = await failureOf(one.push());
    writeFileSync(one.fleet.password, 'password of fw1\n');

    assert.match(wrong, 'localhost:6379: WRONGPASS');
    assert.is(await one.push(), true);
  });

test.run();
