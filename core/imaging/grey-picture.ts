// An 8-bit grey picture as it is shown.
// Must not hold anything but the type.

/** Brightness row by row, 0 black, 255 white. */
export interface GreyPicture {
  width: number;
  height: number;
  pixels: Uint8Array;
}
