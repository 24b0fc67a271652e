/** Takes bytes as they come and hands on whole lines. */
export interface LineSplitter {
  push(bytes: Buffer): void;
  /** No more bytes come: a last line without line end counts too. */
  end(): void;
}

const LINE_END = 0x0a;

/**
 * Splits bytes into lines. Works on bytes, so that a character whose bytes come apart survives.
 * @param maxLineBytes - longer lines are left out.
 */
export function lineSplitter(maxLineBytes: number, onLine: (line: Buffer) => void): LineSplitter {
  let parts: Buffer[] = [];
  let partsBytes = 0;
  const emit = (): void => {
    if (partsBytes > 0 && partsBytes <= maxLineBytes) onLine(Buffer.concat(parts));
    parts = [];
    partsBytes = 0;
  };
  const add = (part: Buffer): void => {
    partsBytes += part.length;
    // The giver uses its buffer again. Of a line that is too long only the length is kept.
    if (partsBytes <= maxLineBytes) parts.push(Buffer.from(part));
    else parts = [];
  };
  return {
    push: (bytes) => {
      let start = 0;
      for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, start)) {
        add(bytes.subarray(start, end));
        emit();
        start = end + 1;
      }
      add(bytes.subarray(start));
    },
    end: emit,
  };
}
