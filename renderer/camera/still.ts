// One picture out of a running video, at the camera's own size. Must not lose quality: PNG.

export interface Still {
  blob: Blob;
  width: number;
  height: number;
}

export async function takeStill(video: HTMLVideoElement): Promise<Still> {
  const { videoWidth: width, videoHeight: height } = video;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the picture could not be taken');
  return { blob, width, height };
}
