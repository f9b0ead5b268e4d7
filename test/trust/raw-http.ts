// Requests as bytes on a socket: nothing a client library would refuse to send, or would add.
// Must not know what is asked.
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  /** Lines of the head, names in small letters. */
  headers: string[];
  body: string;
}

/** Sends requests one behind the other on one connection, more than one under way, and gives the answers in order. */
export async function askAll(port: number, requests: readonly string[], host = '127.0.0.1'): Promise<RawAnswer[]> {
  const answers: RawAnswer[] = [];
  while (answers.length < requests.length) {
    const got = await askOnce(port, requests.slice(answers.length), host);
    if (got.length === 0) throw new Error(`no answer to ${requests[answers.length] ?? ''}`);
    answers.push(...got);
  }
  return answers;
}

/** As many answers as come before the other end closes. */
function askOnce(port: number, requests: readonly string[], host: string): Promise<RawAnswer[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    const answers: RawAnswer[] = [];
    let said: Buffer = Buffer.alloc(0);
    let sent = 0;
    const send = () => {
      // Few at a time, as one write: the other end stops reading while many wait for their answer.
      const next = requests.slice(sent, sent + 50);
      sent += next.length;
      socket.write(next.join(''), 'latin1');
    };
    socket.on('connect', send);
    socket.on('data', (data) => {
      said = Buffer.concat([said, data]);
      for (let taken = takeAnswer(said); taken; taken = takeAnswer(said)) {
        answers.push(taken.answer);
        said = taken.rest;
      }
      if (answers.length === requests.length) socket.destroy();
      else if (answers.length === sent) send();
    });
    socket.on('close', () => resolve(answers));
    socket.on('error', (error) => (answers.length > 0 ? resolve(answers) : reject(error)));
  });
}

/** Opens a connection, sends a head and waits for the first answer: what is announced and never sent does not come. */
export function askHead(port: number, head: string): Promise<{ answer: RawAnswer; socket: Socket }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(head, 'latin1'));
    let said: Buffer = Buffer.alloc(0);
    socket.on('data', (data) => {
      said = Buffer.concat([said, data]);
      const taken = takeAnswer(said);
      if (taken) resolve({ answer: taken.answer, socket });
    });
    socket.on('close', () => reject(new Error('closed without an answer')));
    socket.on('error', reject);
  });
}

function takeAnswer(said: Buffer): { answer: RawAnswer; rest: Buffer } | null {
  const end = said.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = said.toString('latin1', 0, end).split('\r\n');
  const headers = lines.map((line) => line.replace(/^[^:]*/, (name) => name.toLowerCase()));
  const valueOf = (name: string) =>
    headers
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const from = end + 4;
  const status = Number(first.split(' ')[1]);
  const body =
    valueOf('transfer-encoding') === 'chunked' ? chunksOf(said, from) : plainOf(said, from, valueOf('content-length'));
  return body && { answer: { status, headers, body: body.text }, rest: said.subarray(body.to) };
}

function plainOf(said: Buffer, from: number, length: string | undefined): { text: string; to: number } | null {
  const to = from + Number(length ?? 0);
  return to > said.length ? null : { text: said.toString('utf8', from, to), to };
}

function chunksOf(said: Buffer, from: number): { text: string; to: number } | null {
  let text = '';
  for (let at = from; ;) {
    const line = said.indexOf('\r\n', at);
    if (line < 0) return null;
    const length = Number.parseInt(said.toString('latin1', at, line), 16);
    const to = line + 2 + length + 2;
    if (to > said.length) return null;
    text += said.toString('utf8', line + 2, to - 2);
    if (length === 0) return { text, to };
    at = to;
  }
}
