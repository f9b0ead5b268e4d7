// S8: what identifies is gone from a kept DICOM file, the pixels are there byte for byte, and patients can still be told apart.
import { inflateRawSync } from 'node:zlib';
import { data as dcmjs } from 'dcmjs';
import { dictionary } from 'dcmjs/dictionary';
import { describe, expect, it } from 'vitest';
import { deidentified, staysInFile } from '#core/imaging/dicom/deidentify.ts';
import { nameOf, usualVr, written } from '#core/imaging/dicom/dictionary.ts';
import { factsOf, identifyingNames, mayHoldText, pixelSpacing } from '#core/imaging/dicom/facts.ts';
import { KEPT } from '#core/imaging/dicom/kept-attributes.ts';
import { openDicom } from '#core/imaging/dicom/open.ts';
import type { Dicom } from '#core/imaging/dicom/open.ts';
import { pseudonym } from '#core/imaging/dicom/pseudonym.ts';
import { recognised } from '#core/imaging/opened-file.ts';
import { pixelSha256 } from '#core/imaging/pixel-hash.ts';
import { sourceOf } from '#core/imaging/source.ts';
import { losslessJpeg, rleOf } from '#test/fixtures/dicom-frames.ts';
import {
  BIG_ENDIAN,
  DEFLATED,
  EXPLICIT,
  IMPLICIT,
  dicomFile,
  encapsulated,
  fieldBytes,
  packedWay,
  shapeFields,
  words,
} from '#test/fixtures/dicom.ts';
import type { Field } from '#test/fixtures/dicom.ts';

const SALT = 'a1b2c3';
const square = { rows: 16, columns: 16, stored: 12 };
const values = Array.from({ length: 256 }, (_, at) => (at * 13) & 4095);

const open = (bytes: Buffer): Dicom => openDicom({ file: 'film.dcm', bytes });
const keep = (bytes: Buffer, salt = SALT) => Buffer.concat(deidentified(open(bytes), salt));

/** The text of a field of a file, read by dcmjs, which shares no code with what writes it. */
function fieldOf(bytes: Buffer, tag: string): unknown {
  const copy = Uint8Array.from(bytes);
  return dcmjs.DicomMessage.readFile(copy.buffer).dict[tag]?.Value?.[0];
}

/** Every public attribute of text, date, time, code, number or UID the dictionary knows, each with a value to be found again. */
function canaries(): Field[] {
  const fields: Field[] = [];
  const described = new Set(shapeFields(square).map(([tag]) => tag));
  for (const entry of Object.values(dictionary)) {
    const parts = /^\(([0-9A-F]{4}),([0-9A-F]{4})\)$/.exec(entry.tag);
    if (!parts) continue;
    const tag = Number.parseInt(parts[1]! + parts[2]!, 16);
    const group = tag >>> 16;
    if (group < 8 || group === 0xfffe || group >= 0x7fe0 || described.has(tag) || tag === 0x00080005) continue;
    if ((tag & 0xffff) === 0) continue;
    if (/^(PN|LO|SH|ST|LT|UT|UC|UR|DA|TM|DT|AS|AE|DS|IS)$/.test(entry.vr)) fields.push([tag, entry.vr, 'Canary^4711']);
    if (entry.vr === 'CS' && !(tag in KEPT)) fields.push([tag, 'CS', 'CANARY4711']);
    if (entry.vr === 'UI') fields.push([tag, 'UI', '1.2.999.4711']);
    if (entry.vr === 'SQ') fields.push([tag, 'SQ', [[[0x00100010, 'PN', 'Canary^4711']]]]);
  }
  return fields;
}

const PRIVATE: Field[] = [
  [0x00090010, 'LO', 'CANARY4711 MEDICAL'],
  [0x00091001, 'UN', Buffer.from('Canary^4711')],
  [0x7fe10010, 'LO', 'Canary^4711'],
];
const OVERLAY: Field[] = [
  [0x60000010, 'US', [16]],
  [0x60000022, 'LO', 'Canary^4711'],
  [0x60003000, 'OW', Buffer.from('Canary^4711Canary^4711..')],
];
const LUT: Field = [
  0x00283010,
  'SQ',
  [
    [
      [0x00283002, 'US', [2, 0, 12]],
      [0x00283003, 'LO', 'Canary^4711'],
      [0x00283006, 'US', [0, 4095]],
      [0x00100010, 'PN', 'Canary^4711'],
    ],
  ],
];

describe('a kept DICOM file', () => {
  const fields = [
    ...shapeFields(square),
    ...canaries().filter(([tag]) => tag !== 0x00283010),
    ...PRIVATE,
    ...OVERLAY,
    LUT,
  ];
  const preamble = Buffer.from('Canary^4711'.repeat(20)).subarray(0, 128);

  it.each([
    ['implicit', IMPLICIT],
    ['explicit', EXPLICIT],
    ['big endian', BIG_ENDIAN],
    ['deflated', DEFLATED],
  ])('holds none of the canaries of %s', (_, way) => {
    const source = dicomFile(way, [...fields, words(values)], { preamble });
    expect(fields.length).toBeGreaterThan(2000);
    const kept = keep(source);
    const body = way.deflated ? inflateRawSync(kept.subarray(132 + 12 + kept.readUInt32LE(140))) : kept;
    for (const bytes of [kept, body]) {
      const text = bytes.toString('latin1');
      expect(text).not.toMatch(/canary/i);
      expect(text).not.toContain('1.2.999.4711');
    }
    expect(kept.subarray(0, 128)).toEqual(Buffer.alloc(128));
    const film = open(kept);
    expect(film.syntaxUid).toBe(way.uid);
    for (const tag of film.data.elements.keys()) {
      expect(
        staysInFile(tag) || [0x00080020, 0x00080030, 0x00080050, 0x00080090].includes(tag) || tag >>> 16 <= 0x20,
      ).toBe(true);
      expect((tag >>> 16) & 1).toBe(0);
    }
  });

  it('says what was done to it (PS3.15 E.1.1)', () => {
    const kept = keep(dicomFile(EXPLICIT, [...fields, words(values)]));
    expect(fieldOf(kept, '00120062')).toBe('YES');
    expect(fieldOf(kept, '00120063')).toBe('Osteon: attributes on a list of those allowed');
    expect(fieldOf(kept, '00280303')).toBe('REMOVED');
    const code = fieldOf(kept, '00120064') as Record<string, { Value: unknown[] }>;
    expect([code['00080100']!.Value[0], code['00080102']!.Value[0]]).toEqual(['113100', 'DCM']);
  });

  it('shows and measures as its source did', async () => {
    const showing: Field[] = [
      [0x00180015, 'CS', 'WRIST'],
      [0x00181164, 'DS', '0.14\\0.14'],
      [0x00185101, 'CS', 'PA'],
      [0x00200062, 'CS', 'L'],
      [0x00281050, 'DS', '2048'],
      [0x00281051, 'DS', '4096'],
      [0x00281052, 'DS', '-5'],
      [0x00281053, 'DS', '2'],
      [0x00281055, 'LO', 'BONE'],
      LUT,
    ];
    for (const way of [IMPLICIT, EXPLICIT, BIG_ENDIAN, DEFLATED]) {
      const source = dicomFile(way, [...shapeFields(square), ...showing, words(values)]);
      const [before, after] = await Promise.all(
        [source, keep(source)].map(async (bytes) => (await sourceOf(recognised('f', bytes)).decode(0)).film),
      );
      expect(after).toEqual(before);
      expect(pixelSha256(after!)).toBe(pixelSha256(before!));
    }
  });

  it('has the pixel bytes of its source, fragments and end marks included', () => {
    const even = { ...square, stored: 10, frames: 2 };
    const frames = [losslessJpeg(values, 16, 16, 12), losslessJpeg([...values].reverse(), 16, 16, 12)];
    const rle = rleOf([Buffer.alloc(256, 1), Buffer.alloc(256, 2)]);
    const tails: [string, Buffer][] = [
      ['1.2.840.10008.1.2.4.70', encapsulated(frames, [0, 100])],
      ['1.2.840.10008.1.2.5', encapsulated([rle, rle])],
    ];
    for (const [uid, tail] of tails) {
      const kept = keep(dicomFile(packedWay(uid), [...shapeFields(even), ...PRIVATE.slice(0, 2)], { tail }));
      expect(kept.subarray(-tail.length)).toEqual(tail);
      expect(open(kept).syntaxUid).toBe(uid);
    }
    const plain = keep(dicomFile(EXPLICIT, [...shapeFields(square), words(values)]));
    expect(plain.subarray(-512 - 12)).toEqual(fieldBytes(EXPLICIT, [words(values)]));
  });

  it('is read without fault by another reader', () => {
    const source = dicomFile(EXPLICIT, [...shapeFields(square), [0x00100020, 'LO', '4711'], LUT, words(values)]);
    const kept = keep(source);
    expect(fieldOf(kept, '00100020')).toBe(pseudonym(SALT, 'patient', Buffer.from('4711')));
    expect(fieldOf(kept, '00280010')).toBe(16);
    expect(fieldOf(kept, '00100010')).toBeUndefined();
  });

  it('made from a kept file is the same file', () => {
    const source = dicomFile(EXPLICIT, [...shapeFields(square), [0x00100020, 'LO', '4711'], words(values)]);
    const once = keep(source);
    expect(keep(once)).toEqual(once);
    expect(factsOf(open(once).data, SALT, false)).toEqual(factsOf(open(source).data, SALT, false));
    expect(identifyingNames(open(once).data, staysInFile)).toEqual([]);
  });

  it('that only pretends to be one keeps no id', () => {
    const pretending = dicomFile(EXPLICIT, [
      ...shapeFields(square),
      [0x00100020, 'LO', 'P-MUSTERMANN'],
      [0x00120063, 'LO', 'Osteon: attributes on a list of those allowed'],
      words(values),
    ]);
    expect(keep(pretending).toString('latin1')).not.toContain('MUSTERMANN');
  });

  it('takes over codes and numbers only where they are codes and numbers', () => {
    const kept = keep(
      dicomFile(EXPLICIT, [
        ...shapeFields(square),
        [0x00180015, 'CS', 'Mueller, Karl'],
        [0x00180060, 'DS', 'Mueller'],
        [0x00281054, 'LO', 'Mueller'],
        [0x00281055, 'LO', 'Mueller\\BONE'],
        words(values),
      ]),
    );
    expect(kept.toString('latin1')).not.toContain('Mueller');
    expect(fieldOf(kept, '00281054')).toBe('US');
  });
});

describe('identifiers', () => {
  it('become the same for the same salt and others for another', () => {
    const id = Buffer.from(' 4711 \0');
    expect(pseudonym(SALT, 'patient', id)).toMatch(/^P-[0-9A-HJKMNP-TV-Z]{12}$/);
    expect(pseudonym(SALT, 'patient', id)).toBe(pseudonym(SALT, 'patient', Buffer.from('4711')));
    expect(pseudonym('other', 'patient', id)).not.toBe(pseudonym(SALT, 'patient', id));
    expect(pseudonym(SALT, 'patient', Buffer.from('4712'))).not.toBe(pseudonym(SALT, 'patient', id));
    expect([null, Buffer.from(''), Buffer.from('  \0')].map((none) => pseudonym(SALT, 'patient', none))).toEqual([
      null,
      null,
      null,
    ]);
    const many = new Set(
      Array.from({ length: 20_000 }, (_, at) => pseudonym(SALT, 'patient', Buffer.from(String(at)))),
    );
    expect(many.size).toBe(20_000);
  });

  it('of studies and instances are replaced alike in all files of a library', () => {
    const file = (instance: string) =>
      dicomFile(EXPLICIT, [
        ...shapeFields(square).filter(([tag]) => tag !== 0x00080018),
        [0x00080018, 'UI', instance],
        words(values),
      ]);
    const [one, two] = [keep(file('1.2.3.10')), keep(file('1.2.3.11'))];
    expect(fieldOf(one, '0020000D')).toMatch(/^2\.25\.\d{1,39}$/);
    expect(fieldOf(one, '0020000D')).toBe(fieldOf(two, '0020000D'));
    expect(fieldOf(one, '00080018')).not.toBe(fieldOf(two, '00080018'));
    expect(fieldOf(keep(file('1.2.3.10'), 'other'), '00080018')).not.toBe(fieldOf(one, '00080018'));
    expect(open(one).meta.elements.has(0x00020016)).toBe(false);
  });
});

describe('facts', () => {
  const facts = (extra: Field[], keepIdentity = false) =>
    factsOf(open(dicomFile(EXPLICIT, [...shapeFields(square), ...extra, words(values)])).data, SALT, keepIdentity);

  it.each([
    ['PA', 'frontal'],
    ['AP', 'frontal'],
    ['LL', 'lateral'],
    ['RL', 'lateral'],
    ['LAT', 'lateral'],
    ['OBL', 'oblique'],
    ['MLO', 'mlo'],
    ['', null],
    ['Mueller, Karl', null],
  ])('name the projection of view position %s %s', (code, projection) => {
    expect(facts([[0x00185101, 'CS', code]]).projection).toBe(projection);
  });

  it('name body part and side; of side and image side the image counts', () => {
    expect(facts([[0x00180015, 'CS', 'HAND']])).toMatchObject({ bodyPart: 'hand', laterality: null, patient: null });
    const sides: Field[] = [
      [0x00200060, 'CS', 'R'],
      [0x00200062, 'CS', 'L'],
    ];
    expect(facts(sides).laterality).toBe('left');
    expect(facts(sides.slice(0, 1)).laterality).toBe('right');
  });

  it('give the study date only where identities are kept', () => {
    const dated: Field[] = [[0x00080020, 'DA', '20240131']];
    expect(facts(dated).studyDate).toBeNull();
    expect(facts(dated, true).studyDate).toBe('2024-01-31');
    expect(facts([[0x00080020, 'DA', '1993.02.24']], true).studyDate).toBe('1993-02-24');
    expect(facts([[0x00080020, 'DA', 'Mueller']], true).studyDate).toBeNull();
  });

  it('say where millimetres come from (PS3.3 10.7)', () => {
    const spacing = (extra: Field[]) =>
      pixelSpacing(open(dicomFile(EXPLICIT, [...shapeFields(square), ...extra, words(values)])).data);
    const detector: Field = [0x00181164, 'DS', '0.2\\0.2'];
    const patient: Field = [0x00280030, 'DS', '0.15\\0.16'];
    expect(spacing([])).toEqual({ pixelSpacingMm: null, pixelSpacingSource: null });
    expect(spacing([detector])).toEqual({ pixelSpacingMm: [0.2, 0.2], pixelSpacingSource: 'detector spacing' });
    expect(spacing([detector, [0x00280030, 'DS', '0.2\\0.2']]).pixelSpacingSource).toBe('detector spacing');
    expect(spacing([detector, patient])).toEqual({
      pixelSpacingMm: [0.15, 0.16],
      pixelSpacingSource: 'patient spacing, not said how found',
    });
    const calibrated = spacing([detector, patient, [0x00280a02, 'CS', 'FIDUCIAL']]);
    expect(calibrated.pixelSpacingSource).toBe('patient spacing, by fiducial');
    for (const wrong of ['0\\0', '-1\\2', 'a\\b', '0.2', '5000\\5000']) {
      expect(spacing([[0x00181164, 'DS', wrong]]).pixelSpacingMm).toBeNull();
    }
  });

  it('take text for possible unless the file says there is none', () => {
    const burned = (extra: Field[]) => mayHoldText(open(dicomFile(EXPLICIT, [...shapeFields(square), ...extra])).data);
    expect(burned([])).toBe(true);
    expect(burned([[0x00280301, 'CS', 'YES']])).toBe(true);
    expect(burned([[0x00280301, 'CS', 'NO']])).toBe(false);
  });

  it('list by name what identifies and is not kept', () => {
    const { data } = open(
      dicomFile(EXPLICIT, [
        ...shapeFields(square),
        ...PRIVATE,
        [0x00080090, 'PN', 'X'],
        [0x00100030, 'DA', '19700101'],
        [0x00100040, 'CS', ''],
        words(values),
      ]),
    );
    expect(identifyingNames(data, staysInFile)).toEqual([
      'Referring Physician Name',
      'Patient Birth Date',
      'Private attributes',
    ]);
    expect(nameOf(0x00200060)).toBe('Laterality');
    expect(written(0x00080018)).toBe('(0008,0018)');
    expect(usualVr(0x00283006)).toBeNull();
  });
});
