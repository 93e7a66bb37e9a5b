/** The address and credentials of the server, from `remote` and the files that the config names. */
import type { FleetConfig } from '../../config/config.ts';
import { BanspoolError } from '../../system/error.ts';
import type { ReadSecret } from '../../system/files/read-secret.ts';
import type { ValkeyServer } from '../../system/valkey.ts';
import type { World } from '../../world/world.ts';

interface ServerFiles {
  readonly files: Pick<World['files'], 'readAtMost'>;
  readonly readSecret: ReadSecret;
}

/** The default port of Valkey and Redis. */
const PORT = 6379;

/** The most bytes of certificates: more than all authorities of a system. */
const MAX_CERTIFICATES_BYTES = 1024 * 1024;

type Fleet = Pick<FleetConfig, 'password' | 'ca' | 'certificate'>;

/** Throws if a required file is missing. */
export async function readServer(
  { files, readSecret }: ServerFiles,
  fleet: Fleet,
  remote: string,
): Promise<ValkeyServer> {
  const { protocol, username, hostname, port } = new URL(remote);
  const user = username === '' ? undefined : username;
  const password = (await readSecret(fleet.password))?.trim();
  // Without a user, the server may need no password.
  if (user !== undefined && password === undefined) throw missing(fleet.password);
  const server = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? PORT : Number(port),
    user,
    password,
  };
  if (protocol !== 'rediss:') return { ...server, tls: undefined };
  const { ca, certificate } = fleet;
  const own =
    certificate === undefined ? undefined : ((await readSecret(certificate)) ?? missing(certificate));
  if (own instanceof BanspoolError) throw own;
  const believed = ca === undefined ? undefined : await files.readAtMost(ca, MAX_CERTIFICATES_BYTES);
  if (ca !== undefined && believed === undefined) throw missing(ca);
  return {
    ...server,
    tls: {
      ...(believed !== undefined && { ca: believed }),
      // One file has the certificate and the key.
      ...(own !== undefined && { cert: own, key: own }),
    },
  };
}

function missing(path: string): BanspoolError {
  return new BanspoolError('io', `cannot read ${path}: there is no such file`);
}
