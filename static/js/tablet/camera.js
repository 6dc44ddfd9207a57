// Pictures from the camera to the decoder, one at a time, as fast as it takes them.

/** @typedef {import("./reading.js").Reading} Reading */

const WIDEST = 1280;
const PAUSE = 15;

export class Camera {
  /**
   * @param {HTMLVideoElement} video
   * @param {(reading: Reading, took: {decode: number, frame: number}) => void} seen
   */
  constructor(video, seen) {
    this.video = video;
    this.seen = seen;
    this.canvas = document.createElement("canvas");
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { willReadFrequently: true }));
    this.worker = new Worker(DECODER);
    /** @type {MediaStream | null} */
    this.stream = null;
    this.busy = false;
    this.count = 0;
    this.grabbed = 0;
    this.ready = new Promise((resolve, reject) => {
      this.worker.addEventListener("message", ({ data }) => {
        if (data.ready) resolve(true);
        else if (data.failed && data.id === undefined) reject(new Error(data.failed));
        else this.take(data);
      });
    });
    this.ready.catch(() => {});
  }

  /** @param {{reading: Reading | null, took: number}} data */
  take(data) {
    this.busy = false;
    if (data.reading && this.stream) this.seen(data.reading, { decode: data.took, frame: this.grabbed });
    setTimeout(() => this.grab(), PAUSE);
  }

  /** @param {string} deviceId "" for the camera that looks away from the trainer */
  async start(deviceId) {
    this.stop();
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NotSupportedError");
    const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { ...which, width: { ideal: WIDEST }, height: { ideal: 720 } },
    });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.grab();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  get running() {
    return this.stream !== null;
  }

  grab() {
    if (!this.stream || this.busy) return;
    const { video, canvas } = this;
    if (video.readyState < 2 || !video.videoWidth) {
      setTimeout(() => this.grab(), 60);
      return;
    }
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    this.grabbed = performance.now();
    this.pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = this.pen.getImageData(0, 0, canvas.width, canvas.height);
    this.busy = true;
    this.count += 1;
    const message = { id: this.count, width: picture.width, height: picture.height, pixels: picture.data.buffer };
    this.worker.postMessage(message, [picture.data.buffer]);
  }

  /** @returns {Promise<{id: string, name: string}[]>} */
  async choices() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((one) => one.kind === "videoinput").map((one) => ({ id: one.deviceId, name: one.label }));
  }

  get track() {
    return this.stream?.getVideoTracks()[0] ?? null;
  }

  get hasTorch() {
    const can = /** @type {any} */ (this.track?.getCapabilities?.() ?? {});
    return Boolean(can.torch);
  }

  /** @param {boolean} on */
  async torch(on) {
    await this.track?.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: on }] }));
  }
}
