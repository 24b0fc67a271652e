import { Failure } from "../kernel/failure.ts";

/**
 * Decodes chunks of UTF-8, without a byte order mark.
 * @param where - names the source in messages.
 * @throws Failure `DATA_MALFORMED` for bytes that are not UTF-8: replaced characters would be other categories.
 */
export async function* decodeText(chunks: AsyncIterable<Uint8Array | string>, where: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new Failure("DATA_MALFORMED", {
        message: `${where} is not UTF-8 text.`,
        hint: "Save it as UTF-8; spreadsheets call it CSV UTF-8.",
        cause,
      });
    }
  };
  for await (const chunk of chunks) yield typeof chunk === "string" ? chunk : decode(chunk);
  yield decode();
}
