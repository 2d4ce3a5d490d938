/** Reading a QR code from a picture, in the page: nothing is uploaded. */
declare global {
  /** jsQR, served beside this page. */
  var jsQR: ((pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null) | undefined;
}

/** Larger pictures are scaled down: a QR code needs far fewer pixels. */
const MAX_SIDE = 1400;

/** The text of the QR code in a picture; undefined when none can be read. */
export async function readQr(picture: Blob): Promise<string | undefined> {
  const bitmap = await createImageBitmap(picture);
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext('2d');
  if (!context || !globalThis.jsQR) return undefined;
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return globalThis.jsQR(data, canvas.width, canvas.height)?.data;
}
