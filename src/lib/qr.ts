// QR codes as pictures that a page shows without fetching anything.
import { renderSVG } from 'uqr';

// ISO/IEC 18004 asks for four light modules around the code; without them many cameras do not find it.
const QUIET_ZONE = 4;

/** A data URI (SVG, black on white) of the QR code of `text`. Whatever the text holds, the picture holds too. */
export function qrPicture(text: string): string {
  const svg = renderSVG(text, { border: QUIET_ZONE, ecc: 'M', pixelSize: 1, whiteColor: '#fff', blackColor: '#000' });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}
