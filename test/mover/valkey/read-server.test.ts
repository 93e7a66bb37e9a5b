import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { readServer } from '../../../src/mover/valkey/read-server.ts';
import { readSecret } from '../../../src/system/files/read-secret.ts';
import { failureOf, moverSuite, MOVER_WORLD, type Context } from '../mover-suite.ts';

const server = moverSuite('where the server is');

const FILES = { files: MOVER_WORLD.files, readSecret };

const read = async (
  { folder }: Context,
  remote: string,
  { ca, certificate }: { readonly ca?: string; readonly certificate?: string } = {},
): ReturnType<typeof readServer> =>
  readServer(FILES, { password: join(folder, 'password'), ca, certificate }, remote);

server('is read from the remote, with the password of the file', async (context) => {
  const open = await read(context, 'redis://hub');
  writeFileSync(join(context.folder, 'password'), 'secret\n', { mode: 0o600 });

  const clear = { port: 6379, tls: undefined };
  assert.equal(open, { ...clear, host: 'hub', user: undefined, password: undefined });
  assert.equal(await read(context, 'redis://fw1@[2001:db8::1]:7000'), {
    ...clear,
    ...{ host: '2001:db8::1', port: 7000, user: 'fw1', password: 'secret' },
  });
  assert.equal((await read(context, 'rediss://fw1@hub')).tls, {});
});

server('needs the password of a user, and lets nobody else read it', async (context) => {
  const password = join(context.folder, 'password');
  const missing = await failureOf(read(context, 'redis://fw1@hub'));
  writeFileSync(password, 'secret\n');
  chmodSync(password, 0o644);

  assert.match(missing, `cannot read ${password}: there is no such file`);
  assert.match(await failureOf(read(context, 'redis://fw1@hub')), `${password} is open to other users`);
});

server('has the certificates that are named, and needs them', async (context) => {
  const [ca, certificate] = [join(context.folder, 'ca.pem'), join(context.folder, 'own.pem')];
  const without = [
    await failureOf(read(context, 'rediss://hub', { ca })),
    await failureOf(read(context, 'rediss://hub', { certificate })),
  ];
  writeFileSync(ca, 'believed');
  writeFileSync(certificate, 'own', { mode: 0o600 });

  assert.equal((await read(context, 'rediss://hub', { ca, certificate })).tls, {
    ...{ ca: 'believed', cert: 'own', key: 'own' },
  });
  for (const [place, path] of [ca, certificate].entries())
    assert.match(without[place] ?? '', `cannot read ${path}: there is no such file`);
});

server.run();
