// The system's own dialogs: choosing a folder or files, saving a file, the question before quitting, and what the window
// cannot say itself because it stopped. Must not decide when.
import { writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import type { OpenDialogOptions, WebContents } from 'electron';
import { nextOf, sentenceOf } from '#api/problems.ts';

const films = { name: 'X-rays', extensions: ['dcm', 'dicom', 'png', 'jpg', 'jpeg', 'tif', 'tiff'] };
const model = { name: 'Models', extensions: ['json'] };
// DICOM files often have no extension at all.
const everything = { name: 'All files', extensions: ['*'] };

export async function pickFolder(page: WebContents, title = 'Choose a folder'): Promise<string | null> {
  const chosen = await open(page, { title, properties: ['openDirectory', 'createDirectory'] });
  return chosen[0] ?? null;
}

/** Films, or the one model.json of a model: its weights lie beside it. */
export function pickFiles(
  page: WebContents,
  title = 'Choose X-rays',
  what: 'films' | 'model' = 'films',
): Promise<string[]> {
  if (what === 'model') return open(page, { title, properties: ['openFile'], filters: [model, everything] });
  return open(page, { title, properties: ['openFile', 'multiSelections'], filters: [films, everything] });
}

/** Asks where, then writes. The suggested name is a name only: no part of it leads to another folder. */
export async function saveFile(page: WebContents, suggestedName: string, bytes: Uint8Array): Promise<string | null> {
  const name = basename(suggestedName.replaceAll('\\', '/')).replaceAll(/[<>:"|?*\p{Cc}]/gu, '_') || 'Osteon';
  const extension = extname(name).slice(1);
  const options = {
    defaultPath: join(app.getPath('downloads'), name),
    ...(extension ? { filters: [{ name: extension.toUpperCase(), extensions: [extension] }] } : {}),
  };
  const window = BrowserWindow.fromWebContents(page);
  const { canceled, filePath } = await (window
    ? dialog.showSaveDialog(window, options)
    : dialog.showSaveDialog(options));
  if (canceled || !filePath) return null;
  await writeFile(filePath, bytes);
  return filePath;
}

/** Whether a training under way may end with the application. */
export async function mayStopTraining(window: BrowserWindow | null): Promise<boolean> {
  const question = {
    type: 'question' as const,
    message: 'A training is running.',
    detail: 'Quitting stops it. The epochs it has finished stay, with the best of them as its model.',
    buttons: ['Keep training', 'Stop and quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
  const { response } = await (window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question));
  return response === 1;
}

/** The window stopped and is being loaded again. */
export async function tellWindowStopped(window: BrowserWindow): Promise<void> {
  const [message, detail] = [sentenceOf('WINDOW_STOPPED'), nextOf('WINDOW_STOPPED')];
  await dialog.showMessageBox(window, { type: 'warning', message, detail, buttons: ['Go on'], noLink: true });
}

/** Whether a window that keeps stopping is to be loaded once more; else the application is to end. */
export async function mayLoadAgain(window: BrowserWindow, times: number): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: sentenceOf('WINDOW_KEEPS_STOPPING', { times }),
    detail: nextOf('WINDOW_KEEPS_STOPPING'),
    buttons: ['Load again', 'Quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 0;
}

async function open(page: WebContents, options: OpenDialogOptions): Promise<string[]> {
  const window = BrowserWindow.fromWebContents(page);
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? [] : filePaths;
}
