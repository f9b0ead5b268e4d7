// The part of dcmjs Osteon uses; the package brings no types.
// Must not describe more than is called.
declare module 'dcmjs' {
  export interface DcmjsData {
    DicomMetaDictionary: {
      dictionary: Record<string, { tag: string; vr: string; name: string; vm: string } | undefined>;
    };
  }
  export const data: DcmjsData;
}
