// What Electron 45's main process has and Electron 22's lacks, put back for the tests of the real window.
// The product knows nothing of this: the test build puts this file where it says 'electron'.
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type * as Electron from 'electron';

const real = createRequire(import.meta.url)('electron') as typeof Electron & {
  protocol: OldProtocol;
  session: OldSession;
};

export const { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, nativeTheme } = real;
export const { screen, session, shell, utilityProcess } = real;

interface OldRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  uploadData?: { bytes?: Buffer; blobUUID?: string }[];
}

interface OldProtocol {
  registerStreamProtocol(
    scheme: string,
    handler: (
      request: OldRequest,
      answer: (response: { statusCode: number; headers: Record<string, string>; data: Readable }) => void,
    ) => void,
  ): void;
}

interface OldSession {
  defaultSession: { getBlobData(id: string): Promise<Buffer> };
}

export const protocol = {
  registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) => real.protocol.registerSchemesAsPrivileged(schemes),
  handle(scheme: string, handler: (request: Request) => Promise<Response> | Response): void {
    real.protocol.registerStreamProtocol(scheme, (request, answer) => {
      void Promise.resolve(handler(new OldFetchRequest(request) as unknown as Request)).then((response) => {
        const { status, headers, body } = response as unknown as OldFetchResponse;
        answer({ statusCode: status, headers: Object.fromEntries(headers), data: Readable.from(chunks(body)) });
      });
    });
  },
};

/** As much of a Request as the product reads. */
class OldFetchRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: [string, string][];
  readonly body: OldRequest['uploadData'];
  constructor({ url, method, headers, uploadData }: OldRequest) {
    this.url = url;
    this.method = method;
    this.headers = Object.entries(headers);
    this.body = uploadData;
  }
  async arrayBuffer(): Promise<Uint8Array> {
    const parts = (this.body ?? []).map(({ bytes, blobUUID }) =>
      blobUUID ? real.session.defaultSession.getBlobData(blobUUID) : (bytes ?? Buffer.alloc(0)),
    );
    return Buffer.concat(await Promise.all(parts));
  }
}

type Body = Uint8Array | ReadableStream<Uint8Array> | null;

/** As much of a Response as the product makes. */
class OldFetchResponse {
  readonly status: number;
  readonly headers: Map<string, string>;
  readonly body: Body;
  constructor(body: Body, { status = 200, headers = {} }: { status?: number; headers?: HeadersInit } = {}) {
    this.status = status;
    this.headers = new Map(Array.isArray(headers) ? (headers as [string, string][]) : Object.entries(headers));
    this.body = body;
  }
}

async function* chunks(body: Body): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  if (body instanceof Uint8Array) {
    yield Buffer.from(body);
    return;
  }
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield Buffer.from(next.value);
}

Object.assign(globalThis, { Response: OldFetchResponse, ReadableStream: NodeReadableStream });
URL.canParse ??= (address: string) => {
  try {
    return Boolean(new URL(address));
  } catch {
    return false;
  }
};
