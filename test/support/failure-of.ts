/** Why something failed, in the words that a person is told; what it came to where it did not fail. */
export async function failureOf(attempt: Promise<unknown>): Promise<string> {
  try {
    return `it came to ${JSON.stringify(await attempt)}`;
  } catch (error) {
    return String(error);
  }
}
