// What stays in a de-identified DICOM file: what is needed to show and to measure the film, and nothing else.
// A list of what may stay, not of what must go: see docs/decisions/0004. Must not hold attributes of free text.

/**
 * How an attribute is taken over.
 * `code`: values of capitals, digits, blank and underscore, up to 16 signs; others are left out.
 * `number`: decimal and integer strings; one that is no number is left out.
 * `binary`: numbers in binary, as they are. `class`: a UID of the standard itself. `uid`: a UID, replaced by another.
 * `window-name`: words that name windows. `rescale-type`: the defined terms of PS3.3 C.11.1.1.2. `items`: a sequence.
 */
export type Keeping =
  'code' | 'number' | 'binary' | 'class' | 'uid' | 'window-name' | 'rescale-type' | { items: Record<number, Keeping> };

/** Tables: descriptor, type, data (PS3.3 C.11.1, C.11.2). Their explanations are free text and go. */
const TABLE: Record<number, Keeping> = {
  0x00283002: 'binary',
  0x00283004: 'rescale-type',
  0x00283006: 'binary',
};

export const KEPT: Record<number, Keeping> = {
  0x00080008: 'code', // Image Type
  0x00080016: 'class', // SOP Class UID
  0x00080018: 'uid', // SOP Instance UID
  0x00080060: 'code', // Modality
  0x00080064: 'code', // Conversion Type
  0x00080068: 'code', // Presentation Intent Type
  0x00180015: 'code', // Body Part Examined
  0x00180060: 'number', // KVP
  0x00181110: 'number', // Distance Source to Detector
  0x00181111: 'number', // Distance Source to Patient
  0x00181114: 'number', // Estimated Radiographic Magnification Factor
  0x00181150: 'number', // Exposure Time
  0x00181151: 'number', // X-Ray Tube Current
  0x00181152: 'number', // Exposure
  0x00181164: 'number', // Imager Pixel Spacing
  0x00182010: 'number', // Nominal Scanned Pixel Spacing
  0x00185101: 'code', // View Position
  0x0020000d: 'uid', // Study Instance UID
  0x0020000e: 'uid', // Series Instance UID
  0x00200013: 'number', // Instance Number
  0x00200020: 'code', // Patient Orientation
  0x00200060: 'code', // Laterality
  0x00200062: 'code', // Image Laterality
  0x00280002: 'binary', // Samples per Pixel
  0x00280004: 'code', // Photometric Interpretation
  0x00280006: 'binary', // Planar Configuration
  0x00280008: 'number', // Number of Frames
  0x00280010: 'binary', // Rows
  0x00280011: 'binary', // Columns
  0x00280030: 'number', // Pixel Spacing
  0x00280034: 'number', // Pixel Aspect Ratio
  0x00280100: 'binary', // Bits Allocated
  0x00280101: 'binary', // Bits Stored
  0x00280102: 'binary', // High Bit
  0x00280103: 'binary', // Pixel Representation
  0x00280106: 'binary', // Smallest Image Pixel Value
  0x00280107: 'binary', // Largest Image Pixel Value
  0x00280120: 'binary', // Pixel Padding Value
  0x00280121: 'binary', // Pixel Padding Range Limit
  0x00280301: 'code', // Burned In Annotation
  0x00280a02: 'code', // Pixel Spacing Calibration Type
  0x00281040: 'code', // Pixel Intensity Relationship
  0x00281041: 'binary', // Pixel Intensity Relationship Sign
  0x00281050: 'number', // Window Center
  0x00281051: 'number', // Window Width
  0x00281052: 'number', // Rescale Intercept
  0x00281053: 'number', // Rescale Slope
  0x00281054: 'rescale-type', // Rescale Type
  0x00281055: 'window-name', // Window Center & Width Explanation
  0x00281056: 'code', // VOI LUT Function
  0x00281101: 'binary', // Red Palette Color Lookup Table Descriptor
  0x00281102: 'binary', // Green
  0x00281103: 'binary', // Blue
  0x00281201: 'binary', // Red Palette Color Lookup Table Data
  0x00281202: 'binary', // Green
  0x00281203: 'binary', // Blue
  0x00282110: 'code', // Lossy Image Compression
  0x00282112: 'number', // Lossy Image Compression Ratio
  0x00282114: 'code', // Lossy Image Compression Method
  0x00283000: { items: TABLE }, // Modality LUT Sequence
  0x00283010: { items: TABLE }, // VOI LUT Sequence
  0x20500020: 'code', // Presentation LUT Shape
  0x7fe00001: 'binary', // Extended Offset Table
  0x7fe00002: 'binary', // Extended Offset Table Lengths
};

/** Pixel Data: taken over byte for byte, header, fragments and end mark included. */
export const PIXEL_DATA = 0x7fe00010;

/** Attributes a reader of DICOM expects to find (type 2), written without a value: PS3.15 E.1-1 empties or removes them. */
export const EMPTIED = [
  0x00080020, // Study Date
  0x00080030, // Study Time
  0x00080050, // Accession Number
  0x00080090, // Referring Physician's Name
  0x00100010, // Patient's Name
  0x00100030, // Patient's Birth Date
  0x00100040, // Patient's Sex
  0x00200010, // Study ID
];
