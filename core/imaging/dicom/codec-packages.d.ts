// The part of the codec packages Osteon uses; they bring no types.
// Must not describe more than is called.
interface CodecOptions {
  print(line: string): void;
  printErr(line: string): void;
}

interface Codec {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned?: boolean };
  delete(): void;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  function load(options: CodecOptions): Promise<{ J2KDecoder: new () => Codec; HEAPU8: Uint8Array }>;
  export = load;
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  function load(options: CodecOptions): Promise<{ JpegLSDecoder: new () => Codec; HEAPU8: Uint8Array }>;
  export = load;
}
