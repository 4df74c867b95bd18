/** How long after it was asked for a move of the editor's cursor may still be told of. */
const TOLD_WITHIN_MS = 2_000;

/**
 * The moves of the editor's cursor that the stepper asked for. They are told of later, one by one: while the stepper moves on, what is told is
 * where it was, and must not lead it back there.
 */
export class OwnMoves {
	private asked: { readonly line: number; readonly until: number }[] = [];

	constructor(private readonly now: () => number = Date.now) {}

	ask(line: number): void {
		this.asked.push({ line, until: this.now() + TOLD_WITHIN_MS });
	}

	/** A move that is told of was asked for; it and those before it are done. */
	isOwn(line: number): boolean {
		const now = this.now();
		this.asked = this.asked.filter(({ until }) => until > now);
		const at = this.asked.findIndex((move) => move.line === line);
		if (at >= 0) this.asked.splice(0, at + 1);
		return at >= 0;
	}
}
