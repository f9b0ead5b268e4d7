// The part of dcmjs Osteon uses; the package brings no types.
// Must not describe more than is called.
declare module 'dcmjs' {
  export const data: {
    DicomMetaDictionary: {
      dictionary: Record<string, { tag: string; vr: string; name: string; vm: string } | undefined>;
    };
  };
}
