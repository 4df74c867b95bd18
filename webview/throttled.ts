/** Calls `act` at once, and again at the end of each period in which it was asked for: the last asking is never lost. */
export function throttled(milliseconds: number, act: () => void): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let again = false;
	const run = (): void => {
		act();
		again = false;
		timer = setTimeout(() => {
			timer = undefined;
			if (again) run();
		}, milliseconds);
	};
	return () => {
		if (timer === undefined) run();
		else again = true;
	};
}
