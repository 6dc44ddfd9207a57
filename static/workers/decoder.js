// Finds a QR code in a picture and says what it means. The text of the code never leaves this worker.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";
import { readText } from "../js/tablet/reading.js";

const OPTIONS = { formats: ["QRCode"], tryHarder: true, tryInvert: true, maxNumberOfSymbols: 1 };

const ready = prepareZXingModule({
  overrides: { locateFile: (path, prefix) => (path.endsWith(".wasm") ? wasm : prefix + path) },
  fireImmediately: true,
});
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));

addEventListener("message", async ({ data }) => {
  const began = performance.now();
  let reading = null;
  try {
    await ready;
    const picture = new ImageData(new Uint8ClampedArray(data.pixels), data.width, data.height);
    const found = (await readBarcodes(picture, OPTIONS)).find((one) => one.isValid);
    if (found) reading = readText(found.text);
  } catch (error) {
    postMessage({ id: data.id, reading: null, took: performance.now() - began, failed: String(error) });
    return;
  }
  postMessage({ id: data.id, reading, took: performance.now() - began });
});
