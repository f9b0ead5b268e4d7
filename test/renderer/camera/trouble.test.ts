// Why there is no picture: each way a browser refuses a camera, in words, with what to do.
import { describe, expect, it } from 'vitest';
import { cameraTrouble } from '#renderer/camera/camera.svelte.ts';

const said = (name: string) => cameraTrouble(new DOMException('as the browser says it', name));

describe('a camera that does not come', () => {
  it('is told apart: none, refused, in use, anything else', () => {
    const codes = ['NotFoundError', 'OverconstrainedError', 'NotAllowedError', 'NotReadableError', 'TypeError'].map(
      (name) => said(name).code,
    );
    expect(codes).toEqual(['NO_CAMERA', 'NO_CAMERA', 'CAMERA_REFUSED', 'CAMERA_BUSY', 'CAMERA_FAILED']);
    expect(cameraTrouble(new TypeError('wrong')).code).toBe('CAMERA_FAILED');
  });

  it('never without a next step', () => {
    for (const name of ['NotFoundError', 'NotAllowedError', 'AbortError', 'Other']) {
      expect(said(name).next.length).toBeGreaterThan(20);
    }
  });

  it('says where there was one before', () => {
    expect(cameraTrouble(new DOMException('', 'NotFoundError'), true).message).toBe('The camera is no longer there.');
  });
});
