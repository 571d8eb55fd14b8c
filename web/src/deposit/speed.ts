/** Bytes per second from a row of progress reports, smoothed over about two seconds. */
export class Speed {
  #at: number;
  #sent: number;
  #speed = 0;

  constructor(sent: number, now: number) {
    this.#at = now;
    this.#sent = sent;
  }

  /** The speed after this report; null while too little time has gone by to say something new. */
  report(sent: number, now: number): number | null {
    const seconds = (now - this.#at) / 1000;
    if (seconds < 0.25) return null;
    const current = Math.max(0, sent - this.#sent) / seconds;
    const weight = this.#speed === 0 ? 1 : 1 - Math.exp(-seconds / 2);
    this.#speed += (current - this.#speed) * weight;
    this.#at = now;
    this.#sent = sent;
    return this.#speed;
  }
}
