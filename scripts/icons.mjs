// Draws resources/icon.png from resources/icon.svg; electron-builder makes the forms of Windows and macOS out of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { underRightNode } from './setup/node.mjs';
import { root } from './setup/places.mjs';

await underRightNode();
const { default: sharp } = await import('sharp');
const resources = join(root, 'resources');
await sharp(readFileSync(join(resources, 'icon.svg')))
  .resize(1024, 1024)
  .png({ compressionLevel: 9, palette: true })
  .toFile(join(resources, 'icon.png'));
