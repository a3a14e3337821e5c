/** How loud a sound is: of a call, or of what an element of the page plays. */

export class Meter {
  private context: AudioContext | null = null;
  private ear: AnalyserNode | null = null;

  watch(stream: MediaStream): void {
    this.put((context) => context.createMediaStreamSource(stream));
  }

  /** The element is heard as before; it can be watched by one meter only, and once. */
  watchElement(element: HTMLMediaElement): void {
    this.put((context) => {
      const source = context.createMediaElementSource(element);
      source.connect(context.destination);
      return source;
    });
  }

  /** The loudest of the last 40 ms, from 0 to 1. */
  level(): number {
    if (!this.ear) return 0;
    const samples = new Float32Array(this.ear.fftSize);
    this.ear.getFloatTimeDomainData(samples);
    return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  }

  close(): void {
    void this.context?.close();
    this.context = this.ear = null;
  }

  private put(source: (context: AudioContext) => AudioNode): void {
    this.close();
    this.context = new AudioContext();
    this.ear = this.context.createAnalyser();
    source(this.context).connect(this.ear);
  }
}
