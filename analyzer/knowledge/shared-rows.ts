import type { Effect, Row } from './row';
import type { Rows } from './table';

/** That it may sleep, or gives back what it was handed, says nothing of what it does. */
const saysLittle = ({ partial, effect }: Row): boolean => partial === true && (effect === 'might-sleep' || effect === 'consume');

/** Rows by the name of the call. Names that share a row but for `api` share it in memory too: a row of a name's own is made when that is asked for. */
export class SharedRows implements Rows {
	readonly #shared: Map<string, Row>;
	readonly #own = new Map<string, Row>();
	readonly #byEffect = new Map<Effect['effect'], readonly Row[]>();

	constructor(shared: ReadonlyMap<string, Row> = new Map()) {
		this.#shared = new Map(shared);
	}

	/** `row` is of this name, whatever its `api` says. */
	set(name: string, row: Row): void {
		this.#shared.set(name, row);
		this.#own.delete(name);
		this.#byEffect.clear();
	}

	get(name: string): Row | undefined {
		const row = this.#shared.get(name);
		return row && !saysLittle(row) ? this.#named(name, row) : undefined;
	}

	has(name: string): boolean {
		const row = this.#shared.get(name);
		return row !== undefined && !saysLittle(row);
	}

	evenPartial(name: string): Row | undefined {
		const row = this.#shared.get(name);
		return row && this.#named(name, row);
	}

	get size(): number {
		return this.#shared.size;
	}

	ofEffect(effect: Effect['effect']): readonly Row[] {
		const known = this.#byEffect.get(effect) ?? [...this.#shared].flatMap(([name, row]) => (row.effect === effect ? [this.#named(name, row)] : []));
		this.#byEffect.set(effect, known);
		return known;
	}

	with(rows: ReadonlyMap<string, Row>): Rows {
		const all = new SharedRows(this.#shared);
		for (const [name, row] of rows) all.set(name, row);
		return all;
	}

	keys(): MapIterator<string> {
		return this.#shared.keys();
	}

	*values(): MapIterator<Row> {
		for (const [name, row] of this.#shared) yield this.#named(name, row);
	}

	*entries(): MapIterator<[string, Row]> {
		for (const [name, row] of this.#shared) yield [name, this.#named(name, row)];
	}

	[Symbol.iterator](): MapIterator<[string, Row]> {
		return this.entries();
	}

	forEach(visit: (row: Row, name: string, rows: ReadonlyMap<string, Row>) => void): void {
		for (const [name, row] of this.entries()) visit(row, name, this);
	}

	#named(name: string, row: Row): Row {
		if (row.api === name) return row;
		const known = this.#own.get(name);
		if (known) return known;
		const own = { ...row, api: name };
		this.#own.set(name, own);
		return own;
	}
}
