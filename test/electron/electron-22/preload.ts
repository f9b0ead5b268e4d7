// What a preload script of Electron 45 has and one of Electron 22 lacks, put back for the tests of the real window.
import type * as Electron from 'electron';

declare const require: (name: string) => typeof Electron;

export const { contextBridge, ipcRenderer } = require('electron');

/** Files still carried their path then. */
export const webUtils = { getPathForFile: (file: File & { path?: string }) => file.path ?? '' };
