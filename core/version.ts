// Version of Osteon and the folder it runs from.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageFile from '#package' with { type: 'json' };

export const version: string = packageFile.version;

/** The folder that holds package.json: two steps up from a built file, one from a source. */
export const packageFolder = dirname(dirname(fileURLToPath(import.meta.url))).replace(/[/\\]out$/, '');
