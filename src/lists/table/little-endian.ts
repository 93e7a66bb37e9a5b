/** How this machine keeps the bytes of a number: views of other widths depend on it. */
export const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
