// Every error a user can act on: its code, one plain sentence, what to do next. Text lives here and nowhere else.
// Must not hold logic: `{name}` in a sentence is filled from the values the thrower gives.

/** A sentence saying what happened and what was kept, and the next step. `status` is the HTTP status of the loopback carrier. */
export interface ProblemText {
  status: number;
  sentence: string;
  next: string;
}

export const problems = {
  // films and files
  NOT_A_FILM: {
    status: 422,
    sentence: '{file} is not a picture Osteon reads.',
    next: 'Osteon reads JPEG, PNG, TIFF and DICOM. Convert the file, or leave it out.',
  },
  FILM_CUT_SHORT: {
    status: 422,
    sentence: '{file} breaks off early: only part of the picture is there.',
    next: 'Fetch the file again from where it came from.',
  },
  FILM_DAMAGED: {
    status: 422,
    sentence: '{file} is damaged and cannot be decoded whole.',
    next: 'Fetch the file again from where it came from.',
  },
  FILM_TOO_LARGE: {
    status: 422,
    sentence: '{file} claims {megapixels} megapixels; Osteon reads up to 100.',
    next: 'Check the file: an X-ray detector gives about 15 megapixels.',
  },
  FILM_TOO_SMALL: {
    status: 422,
    sentence: '{file} is {width} x {height} pixels, too small for an X-ray.',
    next: 'Leave it out; it is probably an icon or a preview picture.',
  },
  UNSUPPORTED_ENCODING: {
    status: 422,
    sentence: '{file} is encoded as {encoding}, which Osteon does not decode.',
    next: 'Export it again as uncompressed DICOM, JPEG 2000, JPEG-LS or PNG.',
  },
  NO_PIXELS: {
    status: 422,
    sentence: '{file} is a DICOM file without a picture.',
    next: 'Leave it out; reports and presentation states hold no film.',
  },
  FILM_TOO_SLOW: {
    status: 422,
    sentence: '{file} took longer than {seconds} s to decode and was left out.',
    next: 'Open it in another viewer and save it as PNG, then import that.',
  },
  DECODER_DIED: {
    status: 422,
    sentence: 'Decoding {file} stopped the decoder; the film was left out, everything else goes on.',
    next: 'Open it in another viewer and save it as PNG, then import that.',
  },
  FILE_UNREADABLE: {
    status: 422,
    sentence: '{file} cannot be opened: {reason}.',
    next: 'Check that the file is there and that you may read it.',
  },
  FOLDER_UNREADABLE: {
    status: 422,
    sentence: 'The folder {folder} cannot be opened: {reason}.',
    next: 'Check that the folder is there and that you may read it.',
  },
  NOTHING_TO_IMPORT: {
    status: 422,
    sentence: 'No film was found in {folder}.',
    next: 'Choose a folder that holds JPEG, PNG, TIFF or DICOM files.',
  },
  TABLE_UNREADABLE: {
    status: 422,
    sentence: 'The table {file} cannot be read: {reason}.',
    next: 'Save it as CSV (UTF-8) or JSON with one row a film and a column "file".',
  },
  LAYOUT_MISMATCH: {
    status: 422,
    sentence: '{folder} does not have the layout {layout}: {reason}.',
    next: 'Choose another layout, or let Osteon recognise it.',
  },
  PREVIEW_GONE: {
    status: 409,
    sentence: 'The preview of this import is no longer there.',
    next: 'Choose the folder again; nothing has been written.',
  },
  IMPORT_NOT_FOUND: {
    status: 404,
    sentence: 'There is no import {import} in this library.',
    next: 'Look at the list of imports.',
  },
  XRAY_NOT_FOUND: {
    status: 404,
    sentence: 'There is no film {xray} in this library.',
    next: 'It may have been moved to the trash; look there.',
  },
  NOTHING_TO_UNDO: { status: 409, sentence: 'There is nothing to undo.', next: 'Undo follows your own labels.' },
  NOTHING_TO_REDO: { status: 409, sentence: 'There is nothing to redo.', next: 'A new label clears what was undone.' },
  READER_NOT_FOUND: {
    status: 404,
    sentence: 'There is no reader {reader} in this library.',
    next: 'Add the reader under Settings.',
  },
  READER_EXISTS: {
    status: 409,
    sentence: 'A reader {reader} is already there.',
    next: 'Choose other initials.',
  },
  // library
  NO_LIBRARY: {
    status: 409,
    sentence: 'No library is open.',
    next: 'Open a library folder or make a new one.',
  },
  NOT_A_LIBRARY: {
    status: 422,
    sentence: '{folder} is not an Osteon library: {reason}.',
    next: 'Choose a folder that holds osteon.db, or an empty folder to make a new library in.',
  },
  LIBRARY_NEWER: {
    status: 409,
    sentence: 'This library was written by a newer Osteon; it was not touched.',
    next: 'Install the newest Osteon to open it.',
  },
  LIBRARY_BUSY: {
    status: 409,
    sentence: 'This library is at work: {job}.',
    next: 'Wait until it is done, or cancel it.',
  },
  ANOTHER_LIBRARY: {
    status: 409,
    sentence: 'Another window opened the library {name}, so this step was not taken: it was meant for another library.',
    next: 'Look at what is shown now. To go on where you were, open the earlier library again.',
  },
  LIBRARY_LOCKED: {
    status: 423,
    sentence: 'Another program is writing to this library and does not let go.',
    next: 'Close the other program and try again; nothing was changed.',
  },
  DISK_FULL: {
    status: 507,
    sentence: 'The disk is full; nothing half-written was kept.',
    next: 'Free some space and try again. Reading and export still work.',
  },
  DISK_FAILED: {
    status: 500,
    sentence: 'The disk did not take what was written ({reason}).',
    next: 'Check the disk and its free space. What was saved before is still there.',
  },
  BACKUP_FAILED: {
    status: 500,
    sentence: 'The backup is not complete: {reason}. It was not kept.',
    next: 'Check the disk and its free space, then back up again.',
  },
  BACKUP_DAMAGED: {
    status: 422,
    sentence: '{folder} is not a complete backup: {reason}.',
    next: 'Choose an earlier backup.',
  },
  RESTORE_TARGET_USED: {
    status: 409,
    sentence: '{folder} is not empty; a backup is restored into an empty folder only.',
    next: 'Choose or make an empty folder.',
  },
  // training
  TOO_FEW_FILMS: {
    status: 422,
    sentence:
      'Training needs at least {needed} labelled films of each class; here are {fracture} fracture and {whole} whole.',
    next: 'Label more films, or make the demo set to try training.',
  },
  ONE_CLASS_ONLY: {
    status: 422,
    sentence: 'All labelled films are {label}; a network cannot learn the difference from one class.',
    next: 'Label films of the other class too.',
  },
  TOO_FEW_GROUPS: {
    status: 422,
    sentence: 'The films come from too few patients ({groups}) to judge honestly: each part needs both classes.',
    next: 'Add films of more patients.',
  },
  PART_WITHOUT_BOTH: {
    status: 422,
    sentence: 'The {part} part would hold no {label} film, so its figures would mean nothing.',
    next: 'Label more {label} films of other patients.',
  },
  SPLIT_LEAKS: {
    status: 500,
    sentence: 'Films {one} and {other} show one patient or one picture but stand in two parts; nothing was trained.',
    next: 'Choose another split seed: it makes the split anew.',
  },
  BAD_SETTINGS: {
    status: 422,
    sentence: 'These training settings do not work together: {reason}.',
    next: 'Change the setting that is named.',
  },
  LOSS_NOT_FINITE: {
    status: 500,
    sentence: 'Training stopped in epoch {epoch}: the loss is no longer a number. Earlier epochs are kept.',
    next: 'Lower the learning rate and train again.',
  },
  TRAINER_DIED: {
    status: 500,
    sentence: 'The training process ended in epoch {epoch} ({reason}). Labels and earlier runs are unharmed.',
    next: 'Go on with the run, or train again where no epoch was done; if it happens once more, choose a smaller input or batch.',
  },
  NOTHING_TO_RESUME: {
    status: 409,
    sentence: 'This training cannot go on: no whole checkpoint of it is left ({damaged} damaged).',
    next: 'Train again with the same settings and seed; the result is the same.',
  },
  RESUME_CHANGED: {
    status: 409,
    sentence: 'This training cannot go on: its films are no longer those it began with.',
    next: 'Train again; the new run learns from the films as they are now.',
  },
  RESUME_ENGINE: {
    status: 409,
    sentence: 'This training cannot go on here: it was begun by another engine ({reason}).',
    next: 'Go on where it was begun, or train again.',
  },
  ENGINE_MISSING: {
    status: 503,
    sentence: 'No engine could be loaded: {reason}.',
    next: 'Run "npm run doctor"; it says what is missing and how to get it.',
  },
  NOTHING_TO_MEASURE: {
    status: 409,
    sentence: 'The native TensorFlow is not here, so there is nothing to choose: {engine} has no such settings.',
    next: 'Run "npm run doctor"; it says how to get the native engine.',
  },
  TRAINING_BUSY: {
    status: 409,
    sentence: 'Run {run} is still learning; one training at a time.',
    next: 'Wait for it or stop it first.',
  },
  RUN_NOT_FOUND: { status: 404, sentence: 'There is no run {run}.', next: 'Look at the list of runs.' },
  RUN_NOT_DONE: {
    status: 409,
    sentence: 'Run {run} has no finished model.',
    next: 'Choose another run, or train again.',
  },
  SERIES_NOT_FOUND: {
    status: 404,
    sentence: 'There is no series {series}.',
    next: 'Look at the list of series.',
  },
  SERIES_NOT_DONE: {
    status: 409,
    sentence: 'Series {series} has {finished} of {count} runs finished; its runs answer together when all are.',
    next: 'Go on with the series, or choose one of its runs.',
  },
  NOTHING_MISSING: {
    status: 409,
    sentence: 'Series {series} has nothing left to train.',
    next: 'Look at its results.',
  },
  FOLDS_DO_NOT_ANSWER: {
    status: 409,
    sentence:
      'Series {series} is over folds: each of its runs learned from films that others were chosen by, so they do not answer together.',
    next: 'Train a series over seeds, or choose one of its runs.',
  },
  RUN_STILL_LEARNING: {
    status: 409,
    sentence: 'Run {run} is still learning; half a run is not exported.',
    next: 'Wait for it, or stop it first.',
  },
  EXPORT_TARGET_USED: {
    status: 409,
    sentence: '{folder} is not empty; a run is exported into a new or an empty folder only.',
    next: 'Choose or make an empty folder.',
  },
  NO_MODEL: {
    status: 409,
    sentence: 'No model has been trained in this library yet.',
    next: 'Label films and train once; the demo set is the quickest way to try.',
  },
  MODEL_DAMAGED: {
    status: 500,
    sentence: 'The model of run {run} is damaged ({reason}); no answer is given from it.',
    next: 'Restore it from a backup, or train again.',
  },
  MODEL_UNUSABLE: {
    status: 422,
    sentence: 'This model cannot be taken in: {reason}. Nothing was changed.',
    next: 'Save a network for one square grey picture with one logistic unit or a softmax over two classes as a layers model of TensorFlow.js (for Keras: tensorflowjs_converter), and take in its model.json.',
  },
  BODY_UNUSABLE: {
    status: 422,
    sentence: 'This network cannot be taken in as a body: {reason}. Nothing was changed.',
    next: 'Save a network for square pictures of one or three channels as a layers model of TensorFlow.js (for Keras: tensorflowjs_converter), and take in its model.json.',
  },
  BODY_DAMAGED: {
    status: 500,
    sentence: 'The body {name} is damaged ({reason}); nothing is learned on it.',
    next: 'Remove it and take it in again. Runs that learned on it answer as before.',
  },
  BODY_NOT_FOUND: { status: 404, sentence: 'There is no body {name}.', next: 'Look at the list of bodies.' },
  BODY_EXISTS: { status: 409, sentence: 'A body {name} is already there.', next: 'Choose another name.' },
  NOT_LIKE_LEARNED: {
    status: 422,
    sentence: '{file} does not look like the X-rays this network learned from: {reason}.',
    next: 'No answer is given. Open a radiograph of a limb.',
  },
  PREDICTION_NOT_FOUND: {
    status: 404,
    sentence: 'This answer is no longer there.',
    next: 'Classify the film again.',
  },
  FILMS_EMPTY: {
    status: 422,
    sentence: 'The {films} films to learn from show nothing: they are one even grey.',
    next: 'Look at them in the library, and export them again from where they came from.',
  },
  // camera, uploads, jobs
  UPLOAD_GONE: {
    status: 404,
    sentence: 'The picture that was sent is no longer there.',
    next: 'Send it again.',
  },
  BAD_CORNERS: {
    status: 422,
    sentence: 'The four corners do not frame a film.',
    next: 'Drag them to the corners of the film, in order around it.',
  },
  JOB_NOT_FOUND: { status: 404, sentence: 'This job is no longer there.', next: 'Look at the list of jobs.' },
  CANCELLED: { status: 409, sentence: 'Cancelled.', next: 'Nothing half-done was kept.' },
  BAD_INPUT: {
    status: 400,
    sentence: 'A value cannot be used: {reason}.',
    next: 'Change the value that is named.',
  },
  PATH_UNUSABLE: {
    status: 422,
    sentence: '{path} cannot be used: {reason}.',
    next: 'Choose another place, or make this one readable and writable.',
  },
  INTERNAL: {
    status: 500,
    sentence: 'Something in Osteon went wrong; what was saved before is safe.',
    next: 'Try again. If it happens once more, report it with osteon.log, or with what OSTEON_LOG=error prints on a terminal.',
  },
  PORT_UNUSABLE: {
    status: 409,
    sentence: 'Port {port} cannot be used: {reason}.',
    next: 'Choose another with --port, or --port 0 for any that is free.',
  },
  WINDOW_NOT_BUILT: {
    status: 503,
    sentence: 'The window is not built yet.',
    next: 'Run "npm run build" first; "npm start" does it by itself.',
  },
  CORE_DIED: {
    status: 503,
    sentence: 'The part of Osteon that keeps the library stopped and was started again. Saved labels are safe.',
    next: 'Repeat the last step.',
  },
  WINDOW_STOPPED: {
    status: 500,
    sentence:
      'The window stopped working and was loaded again. Labels that showed as saved are safe, and work goes on.',
    next: 'Repeat the last step.',
  },
  WINDOW_KEEPS_STOPPING: {
    status: 500,
    sentence: 'The window stopped working {times} times within a minute. Labels that showed as saved are safe.',
    next: 'Load it again; where that does not help, quit and start Osteon again.',
  },
} as const satisfies Record<string, ProblemText>;

export type ProblemCode = keyof typeof problems;

/** Values that fill the `{name}` places of a sentence. */
export type ProblemValues = Record<string, string | number>;

/** The sentence of a code with its places filled; a missing value shows as `?`. */
export function sentenceOf(code: ProblemCode, values: ProblemValues = {}): string {
  return fill(problems[code].sentence, values);
}

/** What the user can do next, with its places filled. */
export function nextOf(code: ProblemCode, values: ProblemValues = {}): string {
  return fill(problems[code].next, values);
}

export function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(problems, code);
}

function fill(text: string, values: ProblemValues): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '?'));
}
