/* eslint-disable @typescript-eslint/no-require-imports -- Electron 22 runs CommonJS only */
// What Electron runs when it is given an application's folder: `electron [options] FOLDER [files]`.
// Stands in for Electron's own, which the package that this Electron is taken from leaves out.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { app } = require('electron');

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (!folder) {
  console.error('usage: electron [options] FOLDER [files]');
  process.exit(64);
}
const home = path.resolve(folder);
const about = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
app.setName(about.productName ?? about.name);
app.setVersion(about.version);
app.setAppPath(home);
Module._load(path.join(home, about.main), Module, true);
