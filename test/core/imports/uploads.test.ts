import fc from 'fast-check';
import { resolve, sep } from 'node:path';
import { expect, test } from 'vitest';
import { safePath } from '#core/imports/uploads.ts';

test('whatever name a window sends, the file lies inside the folder', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('..', '.', '...', 'CON', 'nul.png', 'a'.repeat(300), '\u202E', '%2e%2e'),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.constantFrom('/', '\\'), (parts, separator) => {
      const path = resolve('/base', safePath(parts.join(separator)));
      expect(path.startsWith(`/base${sep}`)).toBe(true);
      expect(path).not.toMatch(/\p{Cc}/u);
      for (const name of path.split(sep)) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    }),
    { numRuns: 5000 },
  );
});

test('plain names stay as they are', () => {
  expect(safePath('Ward 2/wrist_r_03.png')).toBe(`Ward 2${sep}wrist_r_03.png`);
  expect(safePath(`${'x'.repeat(250)}.dcm`)).toMatch(/x\.dcm$/);
});
