// A tone of its own for each kind of answer, for whoever does not look.

/** @type {AudioContext | null} */
let speaker = null;
/** @type {Record<string, number[][]>} pitch in hertz, begin and length in seconds */
const TUNES = {
  success: [[880, 0, 0.12]],
  attention: [[520, 0, 0.12], [520, 0.18, 0.12]],
  danger: [[220, 0, 0.4]],
};

/** Browsers let a page sound only after a tap. */
export function allowSound() {
  speaker ??= "AudioContext" in window ? new AudioContext() : null;
  speaker?.resume().catch(() => {});
}

/** @param {import("./types.js").Tone} tone */
export function play(tone) {
  if (!speaker || speaker.state !== "running") return;
  for (const [pitch, begin, length] of TUNES[tone]) {
    const source = speaker.createOscillator();
    const level = speaker.createGain();
    source.frequency.value = pitch;
    level.gain.value = 0.25;
    source.connect(level).connect(speaker.destination);
    source.start(speaker.currentTime + begin);
    source.stop(speaker.currentTime + begin + length);
  }
}
