/** Lists are read with each byte as one character, which is fast; what people may see of them becomes text here. */

/** The UTF-8 text of such a line. */
export function decoded(bytes: string): string {
  for (let at = 0; at < bytes.length; at += 1)
    if (bytes.charCodeAt(at) > LAST_ASCII) return Buffer.from(bytes, 'latin1').toString('utf8');
  return bytes;
}

const LAST_ASCII = 0x7f;
