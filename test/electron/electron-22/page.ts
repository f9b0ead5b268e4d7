// What Chromium 142 and later have and Chromium 108 lacks, put back for the tests of the real window. Only what the window uses.

Promise.withResolvers ??= <T>() => {
  let resolve!: (value: T | PromiseLike<T>) => void;
  let reject!: (reason?: unknown) => void;
  const promise = new Promise<T>((take, refuse) => {
    resolve = take;
    reject = refuse;
  });
  return { promise, resolve, reject };
};

const lists = Array.prototype as {
  toReversed?: <T>(this: T[]) => T[];
  toSorted?: <T>(this: T[], compare?: (a: T, b: T) => number) => T[];
  with?: <T>(this: T[], at: number, value: T) => T[];
};
lists.toReversed ??= function () {
  return [...this].reverse();
};
lists.toSorted ??= function (compare) {
  return [...this].sort(compare);
};
lists.with ??= function (at, value) {
  const copy = [...this];
  copy[at < 0 ? copy.length + at : at] = value;
  return copy;
};
