/** An entry of a list about whose entries nothing is known. */
export const ENTRY = 'list_head';

/** What the code tells of containers (lists, trees, maps), each by its key: `foo.list`. */
export class Containers {
	/** `foo.list` holds `bar` by its member `node`. */
	readonly elements = new Map<string, { readonly type: string; readonly member: string }>();
	/** Containers to which code adds an object that is there from the start: they begin without it. */
	readonly emptied = new Set<string>();
	/** Containers that are asked whether they hold anything. */
	readonly asked = new Set<string>();

	/** `learnt` is called with each new fact, and with the type of which there must be an object for it. */
	constructor(private readonly learnt: (type?: string) => void) {}

	/** The container holds such objects. */
	element(key: string, type: string, member: string): void {
		if (this.elements.has(key)) return;
		this.elements.set(key, { type, member });
		this.learnt(type);
	}

	/** Code puts an object that is there from the start into the container: it begins empty. */
	begins(container: string): void {
		if (this.emptied.has(container)) return;
		this.emptied.add(container);
		this.learnt();
	}

	/** Code asks whether the container is empty. */
	eitherWay(container: string): void {
		if (this.asked.has(container)) return;
		this.asked.add(container);
		this.learnt(ENTRY);
	}
}
