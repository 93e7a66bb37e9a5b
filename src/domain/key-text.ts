/** What the manual says of one key of a file, in Markdown. What a value may be is told by the file's schema. */
export interface KeyText {
  readonly meaning: string;
  /** Where it is not the value that the schema fills in: in words, such as where that depends on other keys. */
  readonly otherwise?: string;
}
