/**
 * A tar archive (POSIX ustar) of small plain files, in memory: what is in it was on no disk before. In go names and
 * texts, out comes what every tar reads; all files are root's, and readable by their owner alone.
 */

interface ArchiveFile {
  /** At most 100 bytes, with folders before slashes. */
  readonly name: string;
  readonly text: string;
}

const BLOCK = 512;
const MODE = 0o600;

/** Of each header field its place and its length. */
const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  time: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const;

/** `time` in milliseconds since 1970. */
export function tarOf(files: readonly ArchiveFile[], time: number): Buffer {
  const parts = files.flatMap(({ name, text }) => {
    const content = Buffer.from(text, 'utf8');
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [headerOf(name, { size: content.length, time }), content, padding];
  });
  // Two empty blocks are its end.
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function headerOf(name: string, { size, time }: { readonly size: number; readonly time: number }): Buffer {
  if (Buffer.byteLength(name) > FIELDS.name[1])
    throw new Error(`${name} is too long for a name in a tar archive`);
  const header = Buffer.alloc(BLOCK);
  const put = (field: keyof typeof FIELDS, text: string): void => void header.write(text, FIELDS[field][0]);
  const putNumber = (field: keyof typeof FIELDS, value: number): void => {
    put(field, value.toString(8).padStart(FIELDS[field][1] - 1, '0'));
  };
  put('name', name);
  putNumber('mode', MODE);
  putNumber('uid', 0);
  putNumber('gid', 0);
  putNumber('size', size);
  putNumber('time', Math.floor(time / 1000));
  put('type', '0');
  put('magic', 'ustar\u000000');
  // It counts itself as blanks.
  put('checksum', ' '.repeat(FIELDS.checksum[1]));
  const sum = header.reduce((total, byte) => total + byte, 0);
  put('checksum', `${sum.toString(8).padStart(6, '0')}\u0000 `);
  return header;
}
