// Where the real X-rays are that some tests use. They are no part of the project: without them those tests skip, with a word.
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Folder of that name among the test data (OSTEON_TEST_DATA, default ../shared/data beside the repository), or null. */
export function testData(name: string): string | null {
  const home = process.env['OSTEON_TEST_DATA'] ?? path.resolve(import.meta.dirname, '../../shared/data');
  const folder = path.join(home, name);
  return existsSync(folder) ? folder : null;
}
