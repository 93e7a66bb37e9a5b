/** For what may be gone, or closed to us, by the time that it is looked at. */

/** What `read` gives, or `otherwise` where it throws. */
export function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
