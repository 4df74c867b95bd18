/** Plays a schedule at a number of steps a second, on the screen's own frames. */
export class Player {
	private frame = 0;
	private last = 0;
	private period = 500;

	/** `tick` takes a step and tells whether there are more; `changed` hears of starting and stopping. */
	constructor(private readonly tick: () => boolean, private readonly changed: (playing: boolean) => void) {}

	toggle(speed: number): void {
		if (this.frame) {
			this.stop();
			return;
		}
		this.setSpeed(speed);
		this.last = performance.now();
		this.frame = requestAnimationFrame(this.advance);
		this.changed(true);
	}

	setSpeed(speed: number): void {
		this.period = 1_000 / speed;
	}

	stop(): void {
		if (!this.frame) return;
		cancelAnimationFrame(this.frame);
		this.frame = 0;
		this.changed(false);
	}

	private advance = (now: number): void => {
		// A frame that comes a little early still counts, so that 60 a second are 60 a second.
		if (now - this.last >= this.period - 2) {
			this.last = now;
			if (!this.tick()) {
				this.frame = 0;
				this.changed(false);
				return;
			}
		}
		this.frame = requestAnimationFrame(this.advance);
	};
}
