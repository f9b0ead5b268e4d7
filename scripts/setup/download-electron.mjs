// Downloads the Electron program of the installed `electron` package, with its hash checked. A process of its own, so that
// it can be ended. Says how far it is, a line each ten per cent, so that whoever started it sees it move.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const home = createRequire(require.resolve('electron/package.json'));
const { downloadArtifact } = await import(pathToFileURL(home.resolve('@electron/get')).href);

let told = -1;
/** @param {{ transferred: number, percent: number }} progress */
async function tell({ transferred, percent }) {
  const tenth = Math.floor(percent * 10);
  if (tenth === told) return;
  told = tenth;
  console.log(`  ${tenth * 10} % (${Math.round(transferred / 1e6)} MB)`);
}

try {
  await downloadArtifact({
    version: require('electron/package.json').version,
    artifactName: 'electron',
    checksums: require('electron/checksums.json'),
    platform: process.platform,
    arch: process.arch,
    downloadOptions: { quiet: true, getProgressCallback: tell },
  });
} catch (error) {
  const { message, cause } = /** @type {Error & { cause?: Error & { code?: string } }} */ (error);
  const reason = cause?.code ?? cause?.message;
  console.log(`error: ${message}${reason ? ` (${reason})` : ''}`);
  process.exit(1);
}
