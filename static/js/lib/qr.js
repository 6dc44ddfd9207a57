/**
 * The dark modules of a QR symbol as the path of an SVG.
 * @param {number} size modules a side
 * @param {string} bits one bit a module, row by row, in base 64
 */
export function drawQr(size, bits) {
  const bytes = atob(bits);
  const dark = (/** @type {number} */ place) => (bytes.charCodeAt(place >> 3) >> (7 - (place & 7))) & 1;
  let path = "";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (!dark(y * size + x)) continue;
      const start = x;
      while (x < size && dark(y * size + x)) x += 1;
      path += `M${start} ${y}h${x - start}v1h${start - x}z`;
    }
  }
  return path;
}
