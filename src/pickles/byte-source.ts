/** Bytes that come in pieces, read from front to back. */
export class ByteSource {
  readonly #pieces: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #consumed = 0;

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Bytes that were read and skipped so far. */
  get position(): number {
    return this.#consumed + this.#at;
  }

  /** What is there without waiting, from the position on. */
  get ready(): Buffer {
    return this.#buffer.subarray(this.#at);
  }

  /** Waits until `count` bytes are ready. @returns false when the source ends before. */
  async fill(count: number): Promise<boolean> {
    const parts = [this.ready];
    let length = this.#buffer.length - this.#at;
    while (length < count) {
      const next = await this.#pieces.next();
      if (next.done === true) break;
      parts.push(next.value);
      length += next.value.length;
    }
    this.#consumed += this.#at;
    this.#at = 0;
    this.#buffer = parts.length === 1 ? (parts[0] ?? this.#buffer) : Buffer.concat(parts);
    return length >= count;
  }

  /** Goes on past bytes that are ready. */
  advance(count: number): void {
    this.#at += count;
  }

  /** Goes on past bytes that need not be ready. @returns false when the source ends before. */
  async skip(count: number): Promise<boolean> {
    let left = count;
    for (;;) {
      const here = Math.min(left, this.#buffer.length - this.#at);
      this.#at += here;
      left -= here;
      if (left === 0) return true;
      if (!(await this.fill(1))) return false;
    }
  }

  /** Ends the source. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
